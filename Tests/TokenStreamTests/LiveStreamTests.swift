import Answers
import Budgets
import MonotonicTime
import Testing
import TokenStream

@Suite struct LiveStreamTests {
  // Tokens are due 400, 500, 600, 700 and 800 ms after the start.
  private let question = Question(
    prompt: "Why?", tokenCount: 5, pacing: Pacing(think: .milliseconds(400), rate: 10, jitter: 0))
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func at(_ milliseconds: Int) -> Instant { start.advanced(by: .milliseconds(milliseconds)) }

  private func stream(resumingAt index: Int = 0, _ batching: Batching? = nil) throws -> LiveStream {
    let id = try #require(StreamID("0123456789abcdef"))
    return LiveStream(
      id: id, answering: PosedQuestion(question), now: start, resumingAt: index, batching: batching)
  }

  @Test func `tokens are gathered until there are so many, or the answer ends`() throws {
    let stream = try stream(Batching(tokens: 3))
    for time in [400, 500] { _ = stream.advance(to: at(time)) }
    #expect(stream.log.count == 0)
    _ = stream.advance(to: at(600))
    #expect(stream.log.count == 3)
    _ = stream.advance(to: at(700))
    #expect(stream.log.count == 3)
    #expect(stream.advance(to: at(800)) == nil)
    #expect(stream.log.count == 5 && stream.log.end == .complete)
    // They were there at their instants, however long they were kept.
    #expect(stream.lateness == .zero)
  }

  @Test func `tokens are gathered until the first has waited for so long`() throws {
    let stream = try stream(Batching(time: .milliseconds(150)))
    #expect(stream.advance(to: at(400)) == at(500))
    #expect(stream.advance(to: at(500)) == at(550))
    #expect(stream.log.count == 0)
    #expect(stream.advance(to: at(550)) == at(600))
    #expect(stream.log.count == 2)
    #expect(stream.advance(to: at(600)) == at(700))
    // Nothing is lost of what waits when its reader says stop.
    stream.stop(at: at(610))
    #expect(stream.log.count == 3 && stream.log.end == .stopped)
  }

  @Test func `it starts with nothing`() throws {
    let stream = try stream()
    #expect(stream.started == start)
    #expect(stream.log.tokens.isEmpty)
    #expect(stream.log.epoch == question.epoch)
    #expect(stream.finished == nil)
  }

  @Test func `advancing shows exactly what is due and names the next instant`() throws {
    let stream = try stream()
    let tokens = Array(Script(question))
    #expect(stream.advance(to: start) == at(400))
    #expect(stream.advance(to: Instant(nanoseconds: at(400).nanoseconds - 1)) == at(400))
    #expect(stream.log.tokens.isEmpty)
    #expect(stream.advance(to: at(400)) == at(500))
    #expect(Array(stream.log.tokens) == Array(tokens.prefix(1)))
    #expect(stream.advance(to: at(699)) == at(700))
    #expect(Array(stream.log.tokens) == Array(tokens.prefix(3)))
    #expect(stream.advance(to: at(700)) == at(800))
    #expect(stream.log.end == nil)
    #expect(stream.advance(to: at(801)) == nil)
    #expect(Array(stream.log.tokens) == tokens)
    #expect(stream.log.end == .complete)
    #expect(stream.finished == at(801))
  }

  @Test func `when late, all comes at once`() throws {
    let stream = try stream()
    #expect(stream.advance(to: at(60_000)) == nil)
    #expect(Array(stream.log.tokens) == Array(Script(question)))
    #expect(stream.log.end == .complete)
    #expect(stream.advance(to: at(70_000)) == nil)
    #expect(stream.finished == at(60_000))
  }

  /// Tokens are written some at a time; where one such batch ends must be seen by nobody.
  @Test(arguments: [1, 3, 15, 16, 17, 40])
  func `a long answer is shown in its schedule's steps`(_ burst: Int) throws {
    let question = Question(
      prompt: "At length?", tokenCount: 100,
      pacing: Pacing(think: .milliseconds(10), rate: 100, jitter: 0.5, burst: burst))
    let stream = LiveStream(
      id: try #require(StreamID("0123456789abcdef")), answering: PosedQuestion(question), now: start)
    let offsets = question.offsets
    var now = try #require(stream.advance(to: start))
    var counts: [Int] = []
    while true {
      let next = stream.advance(to: now)
      counts.append(stream.log.count)
      #expect(stream.log.count == offsets.count { start.advanced(by: $0) <= now })
      guard let next else { break }
      #expect(next == start.advanced(by: offsets[stream.log.count]))
      now = next
    }
    #expect(counts == Array(stride(from: burst, to: 100, by: burst)) + [100])
    #expect(Array(stream.log.tokens) == Array(Script(question)))
    #expect(stream.log.end == .complete)
  }

  @Test func `readers hear of the last tokens and of the end in one wake`() throws {
    final class Listener: LogReader {
      var logPosition: Int?
      var heard: [String] = []
      let log: TokenLog
      init(_ log: TokenLog) { self.log = log }
      func logDidGrow() { heard.append("\(log.tokens.count) \(log.end?.reason.rawValue ?? "open")") }
    }
    let stream = try stream()
    let listener = Listener(stream.log)
    stream.log.subscribe(listener)
    _ = stream.advance(to: at(600))
    _ = stream.advance(to: at(800))
    #expect(listener.heard == ["3 open", "5 complete"])
    stream.log.unsubscribe(listener)
  }

  @Test func `lateness adds up from each token's own instant`() throws {
    let stream = try stream()
    _ = stream.advance(to: at(400))
    #expect(stream.lateness == .zero)
    _ = stream.advance(to: at(610))
    #expect(stream.lateness == .milliseconds(110 + 10))
    // The past of a resumed stream was never late.
    #expect(try self.stream(resumingAt: 3).lateness == .zero)
  }

  @Test func `stopping ends the log where it stands`() throws {
    let stream = try stream()
    _ = stream.advance(to: at(500))
    stream.stop(at: at(550))
    #expect(stream.log.end == .stopped)
    #expect(stream.finished == at(550))
    #expect(stream.advance(to: at(800)) == nil)
    #expect(stream.log.tokens.count == 2)
    stream.stop(at: at(900))
    #expect(stream.finished == at(550))
  }

  @Test func `stopping a complete stream changes nothing`() throws {
    let stream = try stream()
    _ = stream.advance(to: at(800))
    stream.stop(at: at(900))
    #expect(stream.log.end == .complete)
    #expect(stream.finished == at(800))
  }

  @Test func `a reader may stop the stream while it is woken`() throws {
    final class Stopper: LogReader {
      var logPosition: Int?
      let stream: LiveStream
      let at: Instant
      init(_ stream: LiveStream, at: Instant) { (self.stream, self.at) = (stream, at) }
      func logDidGrow() { stream.stop(at: at) }
    }
    let stream = try stream()
    let stopper = Stopper(stream, at: at(400))
    stream.log.subscribe(stopper)
    #expect(stream.advance(to: at(400)) == nil)
    #expect(stream.log.end == .stopped)
    #expect(stream.log.tokens.count == 1)
    stream.log.unsubscribe(stopper)
  }

  @Test func `resuming puts the past into the log and goes on from there`() throws {
    let stream = try stream(resumingAt: 3)
    let tokens = Array(Script(question))
    #expect(Array(stream.log.tokens) == Array(tokens.prefix(3)))
    // Index 2, the last of the past, was due at 600 ms: that is now.
    #expect(stream.started == at(-600))
    #expect(stream.advance(to: start) == at(100))
    #expect(stream.advance(to: at(100)) == at(200))
    #expect(Array(stream.log.tokens) == Array(tokens.prefix(4)))
    #expect(stream.advance(to: at(200)) == nil)
    #expect(Array(stream.log.tokens) == tokens)
  }

  @Test(arguments: [5, 6, 1_000])
  func `resuming at or behind the end completes at once`(_ index: Int) throws {
    let stream = try stream(resumingAt: index)
    #expect(Array(stream.log.tokens) == Array(Script(question)))
    #expect(stream.advance(to: start) == nil)
    #expect(stream.log.end == .complete)
  }

  @Test func `made-up stream IDs differ and can be read back`() {
    var generator = SeededGenerator(seed: 1)
    let ids = (0..<100).map { _ in StreamID(using: &generator) }
    #expect(Set(ids).count == 100)
    #expect(ids.allSatisfy { StreamID($0.description) == $0 })
  }

  /// What comes of an answer that nobody foretells.
  private final class Arriving: AnswerSource, AnswerTokens {
    // Confined to the test's one thread.
    nonisolated(unsafe) var coming: [NextToken] = []
    nonisolated(unsafe) var isCancelled = false
    let name = "test"
    let model = "test"

    func foretold(_ question: Question) -> Foretold? { nil }
    func offsets(of question: Question) -> [Duration] { [] }
    func begin(
      _ question: Question, at start: Instant, whenMore: @escaping @Sendable () -> Void
    ) -> any AnswerTokens { self }
    func next() -> NextToken { coming.isEmpty ? .notYet : coming.removeFirst() }
    func cancel() { isCancelled = true }
  }

  private func arriving(_ source: Arriving, reservation: Budget.Reservation? = nil) throws -> LiveStream {
    let id = try #require(StreamID("0123456789abcdef"))
    return LiveStream(
      id: id, answering: PosedQuestion(question, to: source), now: start, reservation: reservation)
  }

  @Test func `what arrives is shown when it is there, and the end when that is`() throws {
    let source = Arriving()
    let stream = try arriving(source)
    #expect(stream.log.epoch.description == stream.id.description)
    #expect(stream.foretold == nil)
    #expect(stream.advance(to: start) == nil)
    source.coming = (0..<40).map { .token("\($0)", at: .milliseconds(3)) }
    #expect(stream.advance(to: at(3)) == nil)
    #expect(stream.log.tokens.count == 40)
    #expect(stream.log.end == nil)
    source.coming = [.token("last", at: .milliseconds(7)), .end(.failed("gone"))]
    #expect(stream.advance(to: at(8)) == nil)
    #expect(stream.log.end == .failed("gone"))
    #expect(stream.log.tokens.last == "last")
    #expect(stream.lateness == .milliseconds(1))
    #expect(stream.finished == at(8))
  }

  @Test func `an answer for whose rest there is no room fails, and its source is told`() throws {
    let source = Arriving()
    let stream = try arriving(source, reservation: Budget(limit: 8).reserve(1))
    source.coming = (0..<40).map { _ in .token("four", at: .zero) }
    #expect(stream.advance(to: start) == nil)
    #expect(stream.log.end?.reason == .failed)
    #expect(stream.log.tokens.count == 3)
    #expect(source.isCancelled)
  }

  @Test func `a source is told when its answer is stopped`() throws {
    let source = Arriving()
    try arriving(source).stop(at: start)
    #expect(source.isCancelled)
  }
}
