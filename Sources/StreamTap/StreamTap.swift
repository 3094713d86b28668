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
    let end = Instant.now.advanced(by: limit)
    TapConnection.connect(to: request.target, on: loop) { isWished() || Instant.now >= end }
      .flatMapThrowing { channel in
        try channel.pipeline.syncOperations.addHandler(
          TapHandler(request, until: end, isWished, promise, hear))
      }
      .whenFailure { promise.fail($0) }
    let result: Result<Outcome, any Error>
    do {
      result = .success(try await promise.futureResult.get())
    } catch {
      result = .failure(error)
    }
    try? await group.shutdownGracefully()
    return try result.get()
  }
}
