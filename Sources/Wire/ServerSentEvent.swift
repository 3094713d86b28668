import Answers
import MonotonicTime
import PlainText

/// One event of an event stream (WHATWG HTML, section 9.2, "Server-sent events").
public struct ServerSentEvent: Hashable, Sendable {
  /// The media type of an event stream.
  public static let mediaType = "text/event-stream"

  /// The event's type; `message` where the stream names none.
  public var name: String
  public var data: String
  /// The last event ID once this event is dispatched, which may stem from an earlier one.
  public var lastEventID: String

  public init(name: String = "message", data: String, lastEventID: String = "") {
    self.name = name
    self.data = data
    self.lastEventID = lastEventID
  }

  /// The event's bytes, ending in the blank line that dispatches it.
  /// - Parameters:
  ///   - name: left out where it is nil, so that the reader sees a `message`.
  ///   - id: sets the reader's last event ID; must hold no line break and no NUL.
  ///   - retry: the reader's reconnection time.
  public static func encode(
    name: String? = nil, id: String? = nil, retry: Duration? = nil, data: some Collection<UInt8>
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    if let retry { bytes.append(contentsOf: "retry: \(retry.inNanoseconds / 1_000_000)\n".utf8) }
    if let name { bytes.append(contentsOf: "event: \(name)\n".utf8) }
    if let id { bytes.append(contentsOf: "id: \(id)\n".utf8) }
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      bytes.append(contentsOf: "data: ".utf8)
      bytes.append(contentsOf: line)
      bytes.append(UInt8(ascii: "\n"))
    }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}

/// Where a reader of an event stream stands: what its event IDs say, `EPOCH:INDEX`.
public struct EventID: Hashable, Sendable, LosslessStringConvertible {
  public var epoch: String
  /// The index of the token the event carried; of `done`, the number of tokens.
  public var index: Int

  public init(epoch: String, index: Int) {
    self.epoch = epoch
    self.index = index
  }

  public init?(_ description: String) {
    guard let colon = description.lastIndex(of: ":") else { return nil }
    let digits = description[description.index(after: colon)...]
    guard digits.utf8.allSatisfy(\.isASCIIDigit),
      let index = Int(digits)
    else { return nil }
    self.init(epoch: String(description[..<colon]), index: index)
  }

  public var description: String { "\(epoch):\(index)" }
}

/// What the IDs of a stream's events say of a reader's place: `ids` in the query of `/streams/ID/events`.
public enum EventIDForm: String, CaseIterable, Hashable, Sendable {
  /// `EPOCH:INDEX`, an `EventID`.
  case full
  /// The index alone: the epoch is the one of the stream that the address names.
  case index

  /// The ID of the event at this place.
  public func id(_ epoch: @autoclosure () -> Epoch, _ index: Int) -> String {
    switch self {
    case .full: EventID(epoch: epoch().description, index: index).description
    case .index: String(index)
    }
  }

  /// Where a reader stands that has seen this ID.
  /// - Returns: nil where the ID is none of this form; the epoch is nil where the form leaves it out.
  public func place(_ id: String) -> (index: Int, epoch: String?)? {
    switch self {
    case .full: return EventID(id).map { ($0.index, $0.epoch) }
    case .index:
      guard !id.isEmpty, id.utf8.allSatisfy(\.isASCIIDigit) else {
        return nil
      }
      return Int(id).map { ($0, nil) }
    }
  }
}
