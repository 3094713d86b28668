import MonotonicTime
import Wire

/// The answer to one poll.
public struct PolledAnswer: Sendable {
  public var head: ReceivedHead
  /// Its body, or what is known of one that is encoded.
  public var text: String
  /// When its request was sent.
  public var asked: Instant
  /// When its last byte was read.
  public var at: Instant
  /// How many bytes of the body came.
  public var bodyBytes: Int

  /// How long the server had it, and the way.
  public var took: Duration { asked.duration(to: at) }

  /// Nothing new (`304`) is an answer, too.
  public var isAnswered: Bool { (200..<300).contains(head.status) || head.status == 304 }

  /// Whether another request may follow on its connection (RFC 9112, section 9.3).
  let keepsConnection: Bool

  init?(_ reading: TapReading, at instant: Instant) {
    guard let head = reading.head else { return nil }
    self.head = head
    let body = reading.pieces.map(\.text).joined(separator: "\n")
    text = reading.coding.map { "\(reading.bodyBytes) bytes, encoded as \($0)" } ?? body
    let hasEnd =
      head.field("content-length") != nil || head.field("transfer-encoding") != nil
      || [204, 304].contains(head.status)
    keepsConnection =
      head.minorVersion > 0 && !head.list("connection").contains("close") && hasEnd && !reading.isFollowed
    (asked, at, bodyBytes) = (reading.asked, instant, reading.bodyBytes)
  }
}
