import Foundation
import MonotonicTime
import PlainText

/// A tapped stream for people, as it comes.
public struct TapText {
  private var last: Instant?

  public init() {}

  public static let heading = "    after       gap  in read"

  /// A line for each piece: when it came, how long after the one before it, and in which read.
  /// - Parameter asked: when the request was sent.
  public mutating func lines(_ pieces: [TappedPiece], asked: Instant) -> String {
    pieces.map { line($0, asked) + "\n" }.joined()
  }

  private mutating func line(_ piece: TappedPiece, _ asked: Instant) -> String {
    let name = piece.name.map { $0 == "message" ? "" : " \($0)" } ?? ""
    let identifier = piece.identifier.map { " #\($0)" } ?? ""
    let what = "\(piece.kind.rawValue)\(name)\(identifier)".onOneLine
    return
      "\(times(piece.at, asked))  \(String(format: "%7d", piece.read + 1))  \(what)  \(piece.text.onOneLine)"
  }

  public static let pollHeading = "    after       gap      took  answer"

  /// A line for an answer: when it came, how long after the one before it, and how long it took.
  /// - Parameter began: when the first request was sent.
  public mutating func line(_ answer: PolledAnswer, since began: Instant) -> String {
    let took = String(format: "%9.1f", answer.took.inMilliseconds)
    return "\(times(answer.at, began)) \(took)  \(answer.head.status)  \(answer.text.onOneLine)\n"
  }

  /// How long after the beginning, and after the line before.
  private mutating func times(_ instant: Instant, _ began: Instant) -> String {
    let gap = last.map { $0.duration(to: instant) }
    last = instant
    let after = String(format: "%9.1f", began.duration(to: instant).inMilliseconds)
    return after + " " + (gap.map { String(format: "%9.1f", $0.inMilliseconds) } ?? "        –")
  }

  /// What is said at the end of polling.
  public static func summary(_ report: PollReport) -> String {
    var lines = [""]
    lines += report.head?.telling.map { "  \($0.name): \($0.value)".onOneLine } ?? []
    if let intermediary = report.intermediary { lines.append("\(intermediary.name) answers") }
    if let ending = report.ending { lines.append("ended because \(ending)".onOneLine) }
    lines += report.unknownFields.map { "no answer had a field '\($0)', which the URL asks for" }
    return (lines + [report.verdict]).joined(separator: "\n") + "\n"
  }

  /// What is said at the end.
  public static func summary(_ outcome: StreamTap.Outcome) -> String {
    let report = outcome.report
    var lines = [""]
    if let head = report.head {
      lines.append(
        "HTTP/1.\(head.minorVersion) \(head.status) \(head.reason), read as \(report.format.rawValue)"
          .onOneLine)
    }
    lines += report.telling.map { "  \($0.name): \($0.value)".onOneLine }
    let reads = Set(report.pieces.map(\.read)).count
    lines.append("parts: \(report.pieces.count), in reads: \(reads), bytes: \(report.bodyBytes)")
    if let time = report.timeToHead { lines.append("head after \(time.words)") }
    if let ending = outcome.ending { lines.append("ended because \(ending)") }
    lines += report.faults.map { "standard: \($0.text)".onOneLine }
    lines.append(report.verdict.onOneLine)
    return lines.joined(separator: "\n") + "\n"
  }
}
