/// Turns an event stream's bytes into events, however they were cut on the way (WHATWG HTML, section 9.2.6,
/// "Interpreting an event stream"). What stands behind the last blank line is never dispatched.
public struct EventStreamParser: Sendable {
  /// What the stream last said with `retry`; nil while it said nothing.
  public private(set) var reconnectionTime: Duration?
  /// What a reader sends as `Last-Event-ID` when it comes back: the ID of the last event dispatched.
  public private(set) var lastEventID = ""

  private var line: [UInt8] = []
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  private var pendingID = ""
  private var sawCarriageReturn = false
  /// Counts down while a byte order mark may still open the stream.
  private var isAtStart = true

  public init() {}

  /// - Returns: the events that these bytes complete, in order.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for byte in bytes {
      let followsCarriageReturn = sawCarriageReturn
      sawCarriageReturn = byte == UInt8(ascii: "\r")
      switch byte {
      case UInt8(ascii: "\n") where followsCarriageReturn: break
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): if let event = endLine() { events.append(event) }
      default: line.append(byte)
      }
    }
    return events
  }

  private mutating func endLine() -> ServerSentEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    if isAtStart {
      isAtStart = false
      if line.starts(with: [0xef, 0xbb, 0xbf]) { line.removeFirst(3) }
    }
    guard !line.isEmpty else { return dispatch() }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    process(field: line[..<colon], value: value)
    return nil
  }

  private mutating func process(field: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    switch String(decoding: field, as: UTF8.self) {
    case "event":
      name = String(decoding: value, as: UTF8.self)
    case "data":
      if hasData { data.append(UInt8(ascii: "\n")) }
      data.append(contentsOf: value)
      hasData = true
    case "id" where !value.contains(0):
      pendingID = String(decoding: value, as: UTF8.self)
    case "retry" where value.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains):
      if let milliseconds = Int64(String(decoding: value, as: UTF8.self)) {
        reconnectionTime = .milliseconds(milliseconds)
      }
    default:
      // A comment (its field name is empty), or a field that the standard tells to ignore.
      break
    }
  }

  private mutating func dispatch() -> ServerSentEvent? {
    lastEventID = pendingID
    defer {
      name = ""
      data.removeAll(keepingCapacity: true)
      hasData = false
    }
    guard hasData else { return nil }
    return ServerSentEvent(
      name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self),
      lastEventID: lastEventID)
  }
}
