import LabClient
import MonotonicTime
import NIOCore
import NIOPosix

/// Asks the same interface again and again, on one connection as long as it is kept, to look at how it answers.
public struct PollTap: Sendable {
  /// What is heard, as it comes.
  public enum Heard: Sendable {
    case bytes([UInt8])
    /// With when the first request was sent.
    case answer(PolledAnswer, since: Instant)
  }

  private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  private var request: TapRequest
  private var url: PolledURL
  private let interval: Duration
  private let hear: @Sendable (Heard) -> Void
  private var report = PollReport()
  private var began: Instant?
  private var nextPoll = Instant.now

  /// Who asks again at once asks no more often than this, where answers come at once, too.
  private static let shortestInterval = Duration.milliseconds(10)

  private init(
    _ request: TapRequest, _ url: PolledURL, every interval: Duration,
    _ hear: @escaping @Sendable (Heard) -> Void
  ) {
    (self.request, self.url, self.hear) = (request, url, hear)
    self.interval = max(interval, Self.shortestInterval)
  }

  /// - Parameters:
  ///   - request: what is asked, but for its path, which is the URL's.
  ///   - interval: from one request to the next, which waits for its answer in any case.
  ///   - limit: how long it is polled at most.
  ///   - isWished: asked now and then, whether somebody wishes the end.
  /// - Throws: `TapError` where no answer came at all.
  public static func run(
    _ request: TapRequest, _ url: PolledURL, every interval: Duration, limit: Duration,
    until isWished: @escaping @Sendable () -> Bool, _ hear: @escaping @Sendable (Heard) -> Void
  ) async throws -> PollReport {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let tap = PollTap(request, url, every: interval, hear)
    let polling = Task { try await tap.polled(on: group) }
    let watch = Task {
      let end = Instant.now.advanced(by: limit)
      while Instant.now < end, !isWished() { try await Task.sleep(for: .milliseconds(20)) }
      polling.cancel()
    }
    let result = await polling.result
    watch.cancel()
    try? await group.shutdownGracefully()
    var report = try result.get()
    if isWished() { report.ending = "it was interrupted" }
    return report
  }

  private func polled(on group: MultiThreadedEventLoopGroup) async throws -> PollReport {
    var tap = self
    do {
      try await tap.pollUntilDone(on: group)
    } catch {
      tap.report.ending =
        Task.isCancelled ? "its time was over" : (error as? TapError ?? failure(error)).description
      // Without any answer there is nothing to report.
      if tap.report.answers == 0, !Task.isCancelled { throw error as? TapError ?? failure(error) }
    }
    return tap.report
  }

  private func failure(_ error: any Error) -> TapError {
    .unreachable(StreamTap.words(of: error, request.target))
  }

  private mutating func pollUntilDone(on group: MultiThreadedEventLoopGroup) async throws {
    while !isOver {
      let connection = try await connect(on: group)
      report.connections += 1
      try await connection.executeThenClose { inbound, outbound in
        var reads = inbound.makeAsyncIterator()
        var isKept = true
        var answersHere = 0
        while isKept, !isOver {
          try await Task.sleep(for: max(.zero, Instant.now.duration(to: nextPoll)))
          let asked = try await ask(outbound)
          guard let answer = try await answer(to: asked, from: &reads) else {
            // A connection that was kept may have ended meanwhile: its request is sent again over a new one.
            guard answersHere > 0, request.body == nil else {
              throw TapError.malformed("no answer of HTTP, and ended the connection")
            }
            return
          }
          answersHere += 1
          isKept = take(answer)
        }
      }
    }
  }

  private var isOver: Bool { url.isDone || !report.isAnswered }

  private func connect(on group: MultiThreadedEventLoopGroup) async throws -> Connection {
    try await ClientBootstrap(group: group)
      .connectTimeout(.seconds(10))
      .connect(host: request.target.address.connectHost, port: request.target.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.encrypt(for: request.target.address, speaking: .http1)
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
  }

  private mutating func ask(_ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Instant {
    let target = try TapTarget(url.url)
    // A connection leads to one host.
    guard target.address == request.target.address else { throw TapError.url(url.url) }
    request.target = target
    let asked = Instant.now
    began = began ?? asked
    nextPoll = asked.advanced(by: interval)
    var bytes = ByteBuffer(string: request.head())
    bytes.writeBytes(request.body ?? [])
    do {
      try await outbound.write(bytes)
    } catch is ChannelError {
      // Where the other end has left, reading tells.
    }
    return asked
  }

  /// - Returns: nil where the connection ended before anything of it came.
  private func answer(
    to asked: Instant, from reads: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  ) async throws -> PolledAnswer? {
    let reading = TapReading(asked: asked)
    while !reading.isOver {
      guard let bytes = try await reads.next() else {
        try Task.checkCancellation()
        guard reading.head != nil else { return nil }
        guard !reading.endOfConnection(at: .now).isCut else {
          throw TapError.malformed("a part of an answer, and ended the connection")
        }
        break
      }
      let instant = Instant.now
      hear(.bytes(Array(bytes.readableBytesView)))
      _ = try reading.take(Array(bytes.readableBytesView), at: instant)
      guard reading.format != .eventStream else { throw TapError.isStream }
    }
    return PolledAnswer(reading, at: .now)
  }

  /// - Returns: whether the connection can be asked again.
  private mutating func take(_ answer: PolledAnswer) -> Bool {
    report.take(answer)
    url.take(answer.text)
    hear(.answer(answer, since: began ?? answer.asked))
    return answer.head.minorVersion > 0 && !answer.head.list("connection").contains("close")
      && (answer.head.field("content-length") != nil || answer.head.field("transfer-encoding") != nil
        || [204, 304].contains(answer.head.status))
  }
}
