import Foundation
import NIOCore
import NIOPosix
import OpenDescriptors

extension ClientBootstrap {
  /// Connects as readers do: never with the last descriptors, which the process needs itself.
  /// - Returns: fails with a `ReadError` that says where to, and the system's own word.
  func connect(to server: ServerAddress, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
    guard Descriptors.haveRoom else {
      return loop.makeFailedFuture(ReadError(unreachable: server, code: EMFILE))
    }
    return connect(host: server.connectHost, port: server.port).flatMapErrorThrowing { error in
      let reason = (error as? NIOConnectionError)?.connectionErrors.last?.error as? IOError
      throw reason.map { ReadError(unreachable: server, code: $0.errnoCode) } ?? .unreachable("\(error)")
    }
  }
}

extension ReadError {
  /// - Parameter code: an `errno`.
  fileprivate init(unreachable server: ServerAddress, code: CInt) {
    self = .unreachable("\(server.connectHost), port \(server.port): \(String(cString: strerror(code)))")
  }
}
