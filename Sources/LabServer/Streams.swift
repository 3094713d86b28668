import LWS
import MonotonicTime
import TokenStream
import Wire

/// The streams of a server, each driven along its schedule.
final class Streams {
  private let loop: Loop
  private let telemetry: Telemetry
  private var store: StreamStore<FramedLog>
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

  subscript(id: StreamID) -> FramedLog? { store[id] }

  /// Starts a stream and its generation.
  func start(_ question: Question, resumingAt index: Int = 0) throws(StoreFull) -> FramedLog {
    let now = loop.now
    let source = try store.start(question, now: now, resumingAt: index, hold: FramedLog.init)
    telemetry.streamsStarted += 1
    source.driver = self
    watch(source, now)
    generate(source, now)
    return source
  }

  private func watch(_ source: FramedLog, _ now: Instant) {
    source.wasRead = false
    watched.append((source.stream.id, now.advanced(by: unreadTime)))
    if !look.isSet { loop.set(look, at: now.advanced(by: unreadTime)) }
  }

  /// Stops what nobody has read since the last look: whoever asked for it is gone, and it would take room for as long
  /// as it is generated.
  private func lookForReaders(at now: Instant) {
    while let (id, at) = watched.first, at <= now {
      _ = watched.popFirst()
      guard let source = store[id], source.driver != nil else { continue }
      if source.wasRead || source.log.readerCount > 0 {
        watch(source, now)
      } else {
        telemetry.unreadLetGo += 1
        stop(source)
      }
    }
    if let next = watched.first?.at { loop.set(look, at: next) }
  }

  /// Ends a stream's generation; its readers are told. Harmless once it has ended.
  func stop(_ source: FramedLog) {
    guard source.driver != nil else { return }
    source.driver = nil
    let now = loop.now
    loop.cancel(source)
    source.stream.stop(at: now)
    didFinish(source, now)
  }

  fileprivate func generate(_ source: FramedLog, _ now: Instant) {
    // A reader that is woken may stop the stream, which then has no driver any more.
    let before = (tokens: source.count, lateness: source.stream.lateness)
    let next = source.stream.advance(to: now)
    telemetry.tokensGenerated += source.count - before.tokens
    telemetry.scheduleLateness += source.stream.lateness - before.lateness
    guard source.driver != nil else { return }
    if let next {
      loop.set(source, at: next)
    } else {
      source.driver = nil
      didFinish(source, now)
    }
  }

  private func didFinish(_ source: FramedLog, _ now: Instant) {
    store.didFinish(source.stream.id, at: now)
    expire(at: now)
  }

  private func expire(at now: Instant) {
    if let next = store.expire(at: now) { loop.set(expiry, at: next) }
  }
}

extension FramedLog: DueAction {
  package func comeDue(at now: Instant) {
    driver?.generate(self, now)
  }
}

extension Response {
  /// What `GET /streams/ID/schedule` tells: each token's intended instant, in nanoseconds since `started`. With
  /// `now`, a reader can tell the server's clock from its own.
  static func schedule(of source: FramedLog) -> Response {
    let offsets = source.stream.question.offsets.map { String($0.inNanoseconds) }.joined(separator: ",")
    let times = #""started":\#(source.stream.started.nanoseconds),"now":\#(Instant.now.nanoseconds)"#
    return .json(200, Array(#"{\#(times),"offsets":[\#(offsets)]}"#.utf8), [("cache-control", "no-store")])
  }
}

extension FramedLog {
  /// What `GET /streams/ID` tells.
  var state: [UInt8] {
    let question = stream.question
    let pacing = question.pacing
    var text = String(StreamStarted(stream).text.dropLast())
    text += #","seed":\#(question.seed),"tokens":\#(question.tokenCount),"rate":\#(pacing.rate)"#
    text += #","jitter":\#(pacing.jitter),"think":\#(pacing.think.inSeconds),"burst":\#(pacing.burst)"#
    text += #","size":\#(question.tokenSize),"next":\#(count),"done":\#(log.end != nil)"#
    if let reason = log.end { text += #","reason":"\#(reason.rawValue)""# }
    if let ended = stream.finished { text += #","ended":\#(ended.nanoseconds)"# }
    return Array((text + "}").utf8)
  }
}
