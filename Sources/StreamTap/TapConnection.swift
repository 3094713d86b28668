import Foundation
import LabClient
import MonotonicTime
import NIOCore
import NIOPosix

/// How a connection to somebody's server is made, with TLS where the URL asks for it.
enum TapConnection {
  /// Waits until it stands, its TLS handshake included, or until nobody wants it any more.
  /// - Parameter isUnwanted: asked now and then.
  /// - Returns: fails with a `TapError`.
  static func connect(
    to target: TapTarget, on loop: any EventLoop, until isUnwanted: @escaping @Sendable () -> Bool
  ) -> EventLoopFuture<any Channel> {
    let promise = loop.makePromise(of: (any Channel).self)
    ClientBootstrap(group: loop)
      .connectTimeout(.seconds(10))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.encrypt(for: target.address, speaking: .http1)
          try channel.pipeline.syncOperations.addHandler(Standing(promise))
        }
      }
      .connect(host: target.address.connectHost, port: target.port)
      .whenFailure { promise.fail($0) }
    // A name may take long to be looked up, and a handshake to be shaken.
    let watch = loop.scheduleRepeatedTask(initialDelay: .milliseconds(20), delay: .milliseconds(20)) { _ in
      if isUnwanted() { promise.fail(TapError.unreachable("it was ended before it was connected")) }
    }
    promise.futureResult.whenComplete { _ in watch.cancel() }
    return promise.futureResult.flatMapErrorThrowing { error in
      throw error as? TapError ?? .unreachable(words(of: error, target))
    }
  }

  /// What an error of the network, or of TLS, says.
  static func words(of error: any Error, _ target: TapTarget) -> String {
    let place = "\(target.host), port \(target.port)"
    let last = (error as? NIOConnectionError)?.connectionErrors.last?.error ?? error
    if let code = (last as? IOError)?.errnoCode { return "\(place): \(String(cString: strerror(code)))" }
    if (error as? NIOConnectionError)?.dnsAError != nil { return "\(place): there is no such host" }
    if let error = last as? ReadError ?? ReadError(ofEncryption: last) { return "\(place): \(error)" }
    if case ChannelError.connectTimeout = last { return "\(place): no answer in time" }
    return "\(place): \(last)"
  }
}

/// Tells when a connection stands, or that it never will.
private final class Standing: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let promise: EventLoopPromise<any Channel>

  init(_ promise: EventLoopPromise<any Channel>) {
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    promise.succeed(context.channel)
    context.fireChannelActive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    promise.fail(error)
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    promise.fail(ReadError.connectionLost)
    context.fireChannelInactive()
  }
}
