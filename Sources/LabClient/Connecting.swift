import Foundation
import NIOCore
import NIOPosix
import OpenDescriptors
import Wire

extension ClientBootstrap {
  /// For a connection that brings tokens.
  convenience init(readingOn loop: any EventLoop) {
    self.init(group: loop)
    _ = channelOption(.tcpOption(.tcp_nodelay), value: 1)
      // One read a wake-up: a second one would nearly always find nothing, at the price of a system call.
      .channelOption(.maxMessagesPerRead, value: 1)
      .connectTimeout(.seconds(10))
  }

  /// Connects as readers do: never with the last descriptors, which the process needs itself.
  /// - Returns: fails with a `ReadError` that says where to, and the system's own word.
  func connect(to server: ServerAddress, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
    guard Descriptors.haveRoom else {
      return loop.makeFailedFuture(ReadError(unreachable: server, code: EMFILE))
    }
    return connectAtOnce(to: server).flatMapErrorThrowing { error in
      let last = (error as? NIOConnectionError)?.connectionErrors.last?.error ?? error
      if (error as? NIOConnectionError)?.dnsAError != nil, last as? NIOConnectionError != nil {
        throw ReadError.unreachable("\(server.connectHost): there is no such host")
      }
      let reason = last as? IOError
      throw reason.map { ReadError(unreachable: server, code: $0.errnoCode) } ?? .unreachable("\(error)")
    }
  }
}

extension ClientBootstrap {
  /// An address has its socket before this returns, so that the next look for room sees it. A name has to be looked up.
  private func connectAtOnce(to server: ServerAddress) -> EventLoopFuture<any Channel> {
    guard let address = try? SocketAddress(ipAddress: server.connectHost, port: server.port) else {
      return connect(host: server.connectHost, port: server.port)
    }
    return connect(to: address)
  }
}

extension Reader {
  /// The address of the internet that a server's name has, for programs that look up none themselves.
  /// - Throws: `ReadError` where there is no such name.
  public func internetAddress(of server: ServerAddress) async throws -> String {
    do {
      // Looking up waits for others, and so has a thread of its own.
      let address = try await NIOThreadPool.singleton.runIfActive {
        try SocketAddress.makeAddressResolvingHost(server.connectHost, port: server.port)
      }
      return address.ipAddress ?? server.connectHost
    } catch {
      throw ReadError.unreachable("\(server.connectHost): there is no such host")
    }
  }
}

extension ReadError {
  /// - Parameter code: an `errno`.
  fileprivate init(unreachable server: ServerAddress, code: CInt) {
    self = .unreachable("\(server.connectHost), port \(server.port): \(Descriptors.words(for: code))")
  }
}
