import Answers
import LWS
import MonotonicTime
import TokenStream
import Wire

/// The streams of a server, each driven along its schedule.
final class Streams: Generation {
  private let loop: Loop
  private let telemetry: Telemetry
  private var store: StreamStore<HostedStream>
  private lazy var expiry = Timer { [unowned self] now in expire(at: now) }
  private let unreadTime: Duration
  /// Streams whose readers are looked for, in the order in which they are.
  private var watched = WaitingLine<(id: StreamID, at: Instant)>()
  private lazy var look = Timer { [unowned self] now in lookForReaders(at: now) }

  init(loop: Loop, telemetry: Telemetry, limits: Limits) {
    self.loop = loop
    self.telemetry = telemetry
    unreadTime = limits.unreadTime
    store = StreamStore(
      capacity: limits.streams, pieceCapacity: limits.heldPieces, retention: limits.retention)
  }

  /// Held now, finished ones included until they expire.
  var count: Int { store.count }

  subscript(id: StreamID) -> HostedStream? { store[id] }

  /// Starts a stream and its generation.
  func start(_ question: Question, resumingAt index: Int = 0) throws(StoreFull) -> HostedStream {
    let now = loop.now
    let stream = try store.start(question, now: now, resumingAt: index, hold: HostedStream.init)
    telemetry.streamsStarted += 1
    stream.driver = self
    watch(stream, now)
    generate(stream, now)
    return stream
  }

  private func watch(_ stream: HostedStream, _ now: Instant) {
    stream.wasRead = false
    watched.append((stream.live.id, now.advanced(by: unreadTime)))
    if !look.isSet { loop.set(look, at: now.advanced(by: unreadTime)) }
  }

  /// Stops what nobody has read since the last look: whoever asked for it is gone, and it would take room for as long
  /// as it is generated.
  private func lookForReaders(at now: Instant) {
    while let (id, at) = watched.first, at <= now {
      _ = watched.popFirst()
      guard let stream = store[id], stream.driver != nil else { continue }
      if stream.wasRead || stream.log.readerCount > 0 {
        watch(stream, now)
      } else {
        telemetry.unreadStopped += 1
        stop(stream)
      }
    }
    if let next = watched.first?.at { loop.set(look, at: next) }
  }

  /// Ends a stream's generation; its readers are told. Harmless once it has ended.
  func stop(_ stream: HostedStream) {
    guard stream.driver != nil else { return }
    stream.driver = nil
    let now = loop.now
    loop.cancel(stream)
    stream.live.stop(at: now)
    didFinish(stream, now)
  }

  func generate(_ stream: HostedStream, _ now: Instant) {
    // A reader that is woken may stop the stream, which then has no driver any more.
    let before = (tokens: stream.log.count, lateness: stream.live.lateness)
    let next = stream.live.advance(to: now)
    telemetry.tokensGenerated += stream.log.count - before.tokens
    telemetry.scheduleLateness += stream.live.lateness - before.lateness
    guard stream.driver != nil else { return }
    if let next {
      loop.set(stream, at: next)
    } else {
      stream.driver = nil
      didFinish(stream, now)
    }
  }

  private func didFinish(_ stream: HostedStream, _ now: Instant) {
    store.didFinish(stream.live.id, at: now)
    expire(at: now)
  }

  private func expire(at now: Instant) {
    if let next = store.expire(at: now) { loop.set(expiry, at: next) }
  }
}
