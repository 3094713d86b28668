import MonotonicTime

/// One of a crowd, while it reads.
struct CrowdReader {
  /// -1 once it is closed.
  var descriptor: Int32
  /// The index that it is to get next.
  private(set) var next = 0
  /// The instant of its token 0, in nanoseconds.
  let first: Int64
  /// Whether its first answer has begun.
  var hasBegun = false
  /// Whether a poll is under way.
  private(set) var isAsking = false
  private var parser: AnswerParser
  private var scanner = TokenScanner()
  /// Polls that were answered.
  private var answers = 0
  /// A poll that goes on from here has brought nothing.
  private var nextWhenAsked = 0

  /// Connects, and sends the first request.
  init(_ plan: ReaderPlan, port: Int) throws {
    descriptor = try Loopback.connect(to: port)
    first = plan.first.nanoseconds
    parser = AnswerParser(plan.polls == nil ? .never : .counted)
    if case .once(let request) = plan.asking { _ = Loopback.send(request, to: descriptor) }
    ask(plan)
  }

  /// Polls from where it stands; nothing where it does not poll.
  mutating func ask(_ plan: ReaderPlan) {
    guard let polls = plan.polls, descriptor >= 0 else { return }
    nextWhenAsked = next
    let place = Polls.Place(next: next, lastModified: parser.lastModified, etag: parser.etag)
    isAsking = Loopback.send(polls.request(place), to: descriptor)
  }

  /// Takes what was received.
  /// - Returns: how many answers have come whole with it.
  mutating func take(_ bytes: UnsafeRawBufferPointer, _ plan: ReaderPlan, _ arrivals: inout Arrivals)
    throws(AnswerProblem) -> Int
  {
    let now = Instant.now.nanoseconds
    var rest = bytes
    var answers = 0
    while !rest.isEmpty {
      var (scanner, next) = (scanner, next)
      let taken = try parser.take(rest) { body in
        scanner.scan(body) { arrivals.record($0, next: &next, first: first, now: now) }
      }
      (self.scanner, self.next) = (scanner, next)
      if !hasBegun, parser.isInBody || taken.isComplete { try begin() }
      if taken.isComplete {
        answers += 1
        didAnswer(plan)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[taken.count...])
    }
    return answers
  }

  private mutating func begin() throws(AnswerProblem) {
    guard [200, 101, 304].contains(parser.status) else { throw .status(parser.status) }
    hasBegun = true
  }

  private mutating func didAnswer(_ plan: ReaderPlan) {
    isAsking = false
    guard let polls = plan.polls else { return }
    answers += 1
    let asks =
      switch polls.asksAgain {
      case .never: false
      case .always: true
      case .withTokens: next > nextWhenAsked
      case .afterTheFirst: answers > 1
      }
    if asks { ask(plan) }
  }
}
