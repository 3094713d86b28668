import MonotonicTime
import Wire

/// What is said of an interface that was polled.
public struct PollReport: Sendable {
  /// Of the last answer.
  public private(set) var head: ReceivedHead?
  public private(set) var answers = 0
  /// How many of them said what the one before had said.
  public private(set) var repetitions = 0
  public internal(set) var connections = 0
  public private(set) var bodyBytes = 0
  /// Whether each answer was what was asked for.
  public private(set) var isAnswered = true
  /// Why it ended before an answer said so; nil where one did.
  public internal(set) var ending: String?
  /// Whether that was a mistake of the server's or of the network.
  public internal(set) var hasFailed = false
  /// Fields that the URL wants of an answer, and that none had.
  public internal(set) var unknownFields: [String] = []
  private var took: [Duration] = []
  private var last = ""

  public init() {}

  mutating func take(_ answer: PolledAnswer) {
    if answers > 0, answer.text == last { repetitions += 1 }
    answers += 1
    bodyBytes += answer.bodyBytes
    took.append(answer.took)
    (head, last) = (answer.head, answer.text)
    if !answer.isAnswered {
      isAnswered = false
      ending = "the answer is \(answer.head.status) \(answer.head.reason)"
    }
  }

  public var intermediary: Intermediary? { head.flatMap { Intermediary(in: $0) } }

  /// From request to answer: the median, the shorter one of two in the middle, and the longest.
  public var answerTimes: (median: Duration, longest: Duration)? {
    let sorted = took.sorted()
    return sorted.last.map { (sorted[(sorted.count - 1) / 2], $0) }
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// In one line.
  public var verdict: String {
    guard let times = answerTimes else { return "nothing came" }
    return "polled: \(count(answers, "answer")) over \(count(connections, "connection")), "
      + "\(repetitions) as the one before; "
      + "an answer took \(times.median.words) in the median, \(times.longest.words) at most"
  }
}
