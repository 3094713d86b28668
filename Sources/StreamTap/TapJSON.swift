import Foundation
import MonotonicTime

/// A tapped stream as JSON, an object a line.
public enum TapJSON {
  private struct Piece: Encodable {
    var kind: String
    var name: String?
    var id: String?
    var text: String
    var afterMilliseconds: Double
    var read: Int
  }

  private struct Answer: Encodable {
    var kind = "answer"
    var status: Int
    var text: String
    var afterMilliseconds: Double
    var tookMilliseconds: Double
  }

  private struct PollSummary: Encodable {
    var fields: [String]
    var answers: Int
    var repetitions: Int
    var connections: Int
    var bodyBytes: Int
    var medianMilliseconds: Double?
    var longestMilliseconds: Double?
    var verdict: String
    var intermediary: String?
    var ending: String?
    var unknownFields: [String]?
  }

  private struct Summary: Encodable {
    var status: Int?
    var format: String
    var fields: [String]
    var parts: Int
    var bodyBytes: Int
    var headMilliseconds: Double?
    var faults: [String]
    var verdict: String
    var streams: Bool
    var intermediary: String?
    var ending: String?
  }

  public static func lines(_ pieces: [TappedPiece], asked: Instant) -> String {
    pieces.map { piece in
      line(
        Piece(
          kind: piece.kind.rawValue, name: piece.name, id: piece.identifier, text: piece.text,
          afterMilliseconds: asked.duration(to: piece.at).inMilliseconds, read: piece.read + 1))
    }.joined()
  }

  /// - Parameter began: when the first request was sent.
  public static func line(_ answer: PolledAnswer, since began: Instant) -> String {
    line(
      Answer(
        status: answer.head.status, text: answer.text,
        afterMilliseconds: began.duration(to: answer.at).inMilliseconds,
        tookMilliseconds: answer.took.inMilliseconds))
  }

  public static func summary(_ report: PollReport) -> String {
    line(
      PollSummary(
        fields: report.head?.telling.map { "\($0.name): \($0.value)" } ?? [], answers: report.answers,
        repetitions: report.repetitions, connections: report.connections, bodyBytes: report.bodyBytes,
        medianMilliseconds: report.answerTimes?.median.inMilliseconds,
        longestMilliseconds: report.answerTimes?.longest.inMilliseconds, verdict: report.verdict,
        intermediary: report.intermediary?.name, ending: report.ending,
        unknownFields: report.unknownFields.isEmpty ? nil : report.unknownFields))
  }

  public static func summary(_ outcome: StreamTap.Outcome) -> String {
    let report = outcome.report
    return line(
      Summary(
        status: report.head?.status, format: report.format.rawValue,
        fields: report.telling.map { "\($0.name): \($0.value)" }, parts: report.pieces.count,
        bodyBytes: report.bodyBytes, headMilliseconds: report.timeToHead?.inMilliseconds,
        faults: report.faults.map(\.text), verdict: report.verdict, streams: report.streams,
        intermediary: report.intermediary?.name, ending: outcome.ending))
  }

  private static func line(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and finite numbers always encode.
    guard let data = try? encoder.encode(value) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
