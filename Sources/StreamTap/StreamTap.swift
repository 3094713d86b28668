import Foundation
import LabClient
import MonotonicTime
import NIOCore
import NIOPosix

/// Asks for a stream and reads it, to look at how it comes.
public enum StreamTap {
  /// What is heard, on the thread that reads.
  public enum Heard: Sendable {
    case bytes([UInt8], at: Instant)
    /// With when the request was sent.
    case pieces([TappedPiece], asked: Instant)
  }

  /// What came of it.
  public struct Outcome: Sendable {
    public var report: TapReport
    /// Why it ended before the stream did; nil where the stream ended.
    public var ending: String?
  }

  /// - Parameters:
  ///   - limit: how long it is read at most.
  ///   - isWished: asked now and then, whether somebody wishes the end.
  /// - Throws: `TapError`.
  public static func run(
    _ request: TapRequest, limit: Duration, until isWished: @escaping @Sendable () -> Bool,
    _ hear: @escaping @Sendable (Heard) -> Void
  ) async throws -> Outcome {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let promise = loop.makePromise(of: Outcome.self)
    let connecting = ClientBootstrap(group: loop)
      .connectTimeout(min(TimeAmount(limit), .seconds(10)))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.encrypt(for: request.target.address, speaking: .http1)
          try pipeline.addHandler(TapHandler(request, limit, isWished, promise, hear))
        }
      }
      .connect(host: request.target.address.connectHost, port: request.target.port)
    connecting.whenFailure { error in promise.fail(TapError.unreachable(words(of: error, request.target))) }
    // A name may take long to be looked up, and there is no channel meanwhile.
    let watch = loop.scheduleRepeatedTask(initialDelay: .milliseconds(20), delay: .milliseconds(20)) { _ in
      if isWished() { promise.fail(TapError.unreachable("it was interrupted before it was connected")) }
    }
    connecting.whenComplete { _ in watch.cancel() }
    let result: Result<Outcome, any Error>
    do {
      result = .success(try await promise.futureResult.get())
    } catch {
      result = .failure(error)
    }
    try? await group.shutdownGracefully()
    return try result.get()
  }

  static func words(of error: any Error, _ target: TapTarget) -> String {
    let place = "\(target.host), port \(target.port)"
    let last = (error as? NIOConnectionError)?.connectionErrors.last?.error ?? error
    if let code = (last as? IOError)?.errnoCode { return "\(place): \(String(cString: strerror(code)))" }
    if (error as? NIOConnectionError)?.dnsAError != nil { return "\(place): there is no such host" }
    if let error = ReadError(ofEncryption: last) { return "\(place): \(error)" }
    if case ChannelError.connectTimeout = last { return "\(place): no answer in time" }
    return "\(place): \(last)"
  }
}
