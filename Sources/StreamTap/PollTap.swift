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

  private typealias Connection = NIOAsyncChannel<TimedBytes, ByteBuffer>

  private var request: TapRequest
  private var url: PolledURL
  private let interval: Duration
  private let hear: @Sendable (Heard) -> Void
  private var report = PollReport()
  private var began: Instant?
  private var nextPoll = Instant.now
  private let isUnwanted: @Sendable () -> Bool

  /// Who asks again at once asks no more often than this, where answers come at once, too.
  private static let shortestInterval = Duration.milliseconds(10)

  private init(
    _ request: TapRequest, _ url: PolledURL, every interval: Duration,
    until isUnwanted: @escaping @Sendable () -> Bool, _ hear: @escaping @Sendable (Heard) -> Void
  ) {
    (self.request, self.url, self.isUnwanted, self.hear) = (request, url, isUnwanted, hear)
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
    let end = Instant.now.advanced(by: limit)
    let isUnwanted: @Sendable () -> Bool = { isWished() || Instant.now >= end }
    let tap = PollTap(request, url, every: interval, until: isUnwanted, hear)
    let polling = Task { try await tap.polled(on: group.next()) }
    let watch = Task {
      while !isUnwanted() { try await Task.sleep(for: .milliseconds(20)) }
      polling.cancel()
    }
    let result = await polling.result
    watch.cancel()
    try? await group.shutdownGracefully()
    var report = try result.get()
    if isWished() { report.ending = "it was interrupted" }
    return report
  }

  private func polled(on loop: any EventLoop) async throws -> PollReport {
    var tap = self
    do {
      try await tap.pollUntilDone(on: loop)
    } catch  where isUnwanted() {
      tap.report.ending = "its time was over"
    } catch {
      let error = error as? TapError ?? .unreachable(TapConnection.words(of: error, request.target))
      // Without any answer there is nothing to report.
      if tap.report.answers == 0 { throw error }
      tap.report.ending = error.description
      tap.report.hasFailed = true
    }
    tap.report.unknownFields = tap.url.unknown
    return tap.report
  }

  /// A connection is made when there is something to ask, and used as long as it is kept.
  private mutating func pollUntilDone(on loop: any EventLoop) async throws {
    while !isOver {
      let connection = try await TapConnection.connect(to: request.target, on: loop, until: isUnwanted)
        .flatMapThrowing { channel in
          try channel.pipeline.syncOperations.addHandler(ReadingTimes())
          return try Connection(wrappingChannelSynchronously: channel)
        }.get()
      report.connections += 1
      try await connection.executeThenClose { inbound, outbound in
        var reads = inbound.makeAsyncIterator()
        var isKept = true
        var answersHere = 0
        while isKept, !isOver, connection.channel.isActive {
          let asked = try await ask(outbound)
          guard let answer = try await answer(to: asked, from: &reads) else {
            // A connection that was kept may end just when it is used again: its request is sent over a new one, at once.
            guard answersHere > 0, request.body == nil else {
              throw TapError.malformed("no answer of HTTP, and ended the connection")
            }
            return
          }
          answersHere += 1
          isKept = take(answer)
          if !isOver { try await Task.sleep(for: max(.zero, Instant.now.duration(to: nextPoll))) }
        }
      }
    }
  }

  private var isOver: Bool { url.isDone || !report.isAnswered }

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

  /// - Returns: nil where the connection ended before anything of it came, or had something to say that nobody had asked for.
  private func answer(
    to asked: Instant, from reads: inout NIOAsyncChannelInboundStream<TimedBytes>.AsyncIterator
  ) async throws -> PolledAnswer? {
    let reading = TapReading(asked: asked)
    var instant = asked
    while !reading.isOver {
      guard let read = try await next(of: &reads, for: reading) else {
        try Task.checkCancellation()
        guard reading.head != nil else { return nil }
        guard !reading.endOfConnection(at: .now).isCut else {
          throw TapError.malformed("a part of an answer, and ended the connection")
        }
        break
      }
      guard read.at >= asked else { return nil }
      instant = read.at
      hear(.bytes(Array(read.bytes.readableBytesView)))
      _ = try reading.take(Array(read.bytes.readableBytesView), at: read.at)
      guard reading.format != .eventStream else { throw TapError.isStream }
      guard reading.bodyBytes <= TapReading.longestShown else {
        throw TapError.malformed(
          "an answer of more than \(TapReading.longestShown) bytes, which is no poll's")
      }
    }
    return PolledAnswer(reading, at: instant)
  }

  /// - Returns: nil at the end of the connection, also where it broke before anything of the answer came.
  private func next(
    of reads: inout NIOAsyncChannelInboundStream<TimedBytes>.AsyncIterator, for reading: TapReading
  ) async throws -> TimedBytes? {
    do {
      return try await reads.next()
    } catch  where reading.head == nil && !isUnwanted() {
      return nil
    }
  }

  /// - Returns: whether the connection can be asked again.
  private mutating func take(_ answer: PolledAnswer) -> Bool {
    report.take(answer)
    url.take(answer.text)
    hear(.answer(answer, since: began ?? answer.asked))
    return answer.keepsConnection
  }
}
