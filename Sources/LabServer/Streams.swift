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
  let source: any AnswerSource
  /// Streams of which there is more than was foretold, told by other threads.
  private let arrivals = Arrivals()
  private let more = Signal()
  private let noteMore: @Sendable (StreamID) -> Void
  /// Streams whose readers are looked for, in the order in which they are.
  private var watched = WaitingLine<(id: StreamID, at: Instant)>()
  private lazy var look = Timer { [unowned self] now in lookForReaders(at: now) }

  init(loop: Loop, telemetry: Telemetry, limits: Limits, source: any AnswerSource) {
    self.source = source
    self.loop = loop
    self.telemetry = telemetry
    unreadTime = limits.unreadTime
    store = StreamStore(
      capacity: limits.streams, pieceCapacity: limits.heldPieces, retention: limits.retention,
      batching: limits.batching)
    noteMore = { [arrivals, more] id in if arrivals.note(id) { more.send() } }
    loop.attend(more) { [unowned self] in generateArrivals() }
  }

  /// Held now, finished ones included until they expire.
  var count: Int { store.count }

  subscript(id: StreamID) -> HostedStream? { store[id] }

  /// The stream that answers: begun for it, or, where the answer is given once and the reader knows it already, the one
  /// that it is read from.
  /// - Throws: `Unanswered`.
  func answer(_ asking: Asking) throws(Unanswered) -> HostedStream {
    try answer(try answerable(asking))
  }

  func answer(_ answerable: Answerable) throws(Unanswered) -> HostedStream {
    switch answerable {
    case .given(let stream, _): stream
    case .new(let posed, let index): try start(posed, resumingAt: index)
    }
  }

  /// What would answer, if there is room.
  /// - Throws: `Unanswered` where nothing would.
  func answerable(_ asking: Asking) throws(Unanswered) -> Answerable {
    let posed = PosedQuestion(asking.question, to: source)
    guard let foretold = posed.foretold else {
      if let stream = asking.epoch.flatMap(given) { return .given(stream, from: asking.from) }
      guard asking.epoch == nil, asking.from == 0 else { throw .otherAnswer }
      return .new(posed, from: 0)
    }
    if let epoch = asking.epoch, epoch != foretold.epoch.description { throw .otherAnswer }
    if asking.from > foretold.tokenCount { throw .pastEnd(tokenCount: foretold.tokenCount) }
    return .new(posed, from: asking.from)
  }

  /// How many tokens the answer of that epoch has, or may get, if it can be gone on with.
  func mostTokens(of epoch: String, for question: Question) -> Int? {
    guard let foretold = source.foretold(question) else { return given(epoch)?.mostTokens }
    return epoch == foretold.epoch.description ? foretold.tokenCount : nil
  }

  /// The stream of an answer that is given once.
  private func given(_ epoch: String) -> HostedStream? {
    guard let stream = Epoch(epoch).flatMap({ store[StreamID($0)] }), stream.live.foretold == nil else {
      return nil
    }
    return stream
  }

  private func start(_ posed: PosedQuestion, resumingAt index: Int) throws(Unanswered) -> HostedStream {
    let now = loop.now
    let stream: HostedStream
    do throws(StoreFull) {
      stream = try store.start(
        posed, now: now, resumingAt: index, whenMore: noteMore, hold: HostedStream.init)
    } catch {
      throw .storeFull(error)
    }
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
    let before = stream.log.count
    stream.live.stop(at: now)
    // Those that were gathered by then are there now.
    telemetry.tokensGenerated += stream.log.count - before
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
    } else if stream.log.hasEnded {
      stream.driver = nil
      didFinish(stream, now)
    }
  }

  private func generateArrivals() {
    let now = Instant.now
    for id in arrivals.take() {
      if let stream = store[id], stream.driver != nil { generate(stream, now) }
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

/// What answers a question.
enum Answerable {
  /// A stream of an answer that is given once, which its reader knows already.
  case given(HostedStream, from: Int)
  /// One that is to begin.
  case new(PosedQuestion, from: Int)

  /// The first token that is wanted.
  var from: Int {
    switch self {
    case .given(_, let index), .new(_, let index): index
    }
  }
}

/// Why a question gets no answer.
enum Unanswered: Error {
  /// The reader counts in the tokens of another answer than the one that it would get, or of one that is gone.
  case otherAnswer
  case storeFull(StoreFull)
  /// The reader wants to go on behind the answer's last token.
  case pastEnd(tokenCount: Int)
}

extension FieldError {
  /// What a reader is told that asks for more than there is.
  static func pastEnd(_ tokenCount: Int) -> FieldError {
    FieldError("'from' takes a whole number from 0 to \(tokenCount)")
  }
}
