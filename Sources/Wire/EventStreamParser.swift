import PlainText

/// Turns an event stream's bytes into events, however they were cut on the way (WHATWG HTML, section 9.2.6,
/// "Interpreting an event stream"). What stands behind the last blank line is never dispatched.
public struct EventStreamParser: Sendable {
  /// What the stream last said with `retry`, at most `longestReconnectionTime`; nil while it said nothing.
  public private(set) var reconnectionTime: Duration?
  /// 292 years: as many whole milliseconds as 64 bits of nanoseconds carry. The standard sets no bound.
  public static let longestReconnectionTime = Duration.milliseconds(Int64.max / 1_000_000)
  /// What a reader sends as `Last-Event-ID` when it comes back: the ID of the last event dispatched.
  public var lastEventID: String { String(decoding: dispatchedID, as: UTF8.self) }

  /// How many bytes wait for the end of their event.
  public var heldBytes: Int { unfinishedLine.count + data.count }

  /// The part of a line that an earlier piece ended in.
  private var unfinishedLine: [UInt8] = []
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  /// IDs come with every event and are seldom asked for: their bytes are kept in place.
  private var pendingID: [UInt8]
  private var dispatchedID: [UInt8]
  private var sawCarriageReturn = false
  /// Before the first line's end, which a byte order mark may open.
  private var isAtStart = true

  /// - Parameters:
  ///   - lastEventID: what an earlier connection left. It holds until an event names another one, as in
  ///     browsers: a blank line before the first event must not make a reader forget where it stands.
  ///   - reconnectionTime: what an earlier connection said.
  public init(lastEventID: String = "", reconnectionTime: Duration? = nil) {
    self.reconnectionTime = reconnectionTime
    pendingID = Array(lastEventID.utf8)
    dispatchedID = pendingID
  }

  /// - Returns: the events that these bytes complete, in order.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    Array(bytes).withUnsafeBytes { bytes in
      feed(bytes) { name, data, id in
        let text = { (bytes: [UInt8]) in String(decoding: bytes, as: UTF8.self) }
        events.append(ServerSentEvent(name: name, data: text(data), lastEventID: text(id)))
      }
    }
    return events
  }

  /// Reads in place, without making anything for an event: at thousands of tokens per second that would be much of
  /// what reading costs.
  /// - Parameter take: is given each event that these bytes complete, in order: its type, its data, and the last
  ///   event ID as it stands with it.
  public mutating func feed(
    _ bytes: UnsafeRawBufferPointer, take: (_ name: String, _ data: [UInt8], _ id: [UInt8]) -> Void
  ) {
    var start = bytes.startIndex
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
        sawCarriageReturn = false
        continue
      }
      let endsCarriageReturn = sawCarriageReturn && byte == UInt8(ascii: "\n")
      sawCarriageReturn = byte == UInt8(ascii: "\r")
      if !endsCarriageReturn, endLine(bytes[start..<index]) {
        if hasData { take(name.isEmpty ? "message" : name, data, dispatchedID) }
        forgetEvent()
      }
      start = index + 1
    }
    unfinishedLine.append(contentsOf: bytes[start...])
  }

  /// - Returns: whether the line ends an event.
  private mutating func endLine(_ rest: Slice<UnsafeRawBufferPointer>) -> Bool {
    if unfinishedLine.isEmpty { return process(line: UnsafeRawBufferPointer(rebasing: rest)) }
    unfinishedLine.append(contentsOf: rest)
    let line = unfinishedLine
    unfinishedLine = []
    return line.withUnsafeBytes { process(line: $0) }
  }

  private mutating func process(line: UnsafeRawBufferPointer) -> Bool {
    var line = line
    if isAtStart {
      isAtStart = false
      if line.starts(with: [0xef, 0xbb, 0xbf]) { line = UnsafeRawBufferPointer(rebasing: line[3...]) }
    }
    guard !line.isEmpty else {
      if dispatchedID != pendingID { dispatchedID.replaceSubrange(0..., with: pendingID) }
      return true
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    process(field: line[..<colon], value: value)
    return false
  }

  private mutating func process(
    field: Slice<UnsafeRawBufferPointer>, value: Slice<UnsafeRawBufferPointer>
  ) {
    if field.elementsEqual("data".utf8) {
      if hasData { data.append(UInt8(ascii: "\n")) }
      data.append(contentsOf: value)
      hasData = true
    } else if field.elementsEqual("id".utf8) {
      if !value.contains(0) { pendingID.replaceSubrange(0..., with: value) }
    } else if field.elementsEqual("event".utf8) {
      name = String(decoding: value, as: UTF8.self)
    } else if field.elementsEqual("retry".utf8) {
      setReconnectionTime(value)
    }
    // Anything else is a comment (its field name is empty), or a field that the standard tells to ignore.
  }

  private mutating func setReconnectionTime(_ value: Slice<UnsafeRawBufferPointer>) {
    guard !value.isEmpty, value.allSatisfy(\.isASCIIDigit) else { return }
    // Nil where 64 bits are too few.
    let milliseconds = Int64(String(decoding: value, as: UTF8.self))
    let longest = Self.longestReconnectionTime
    reconnectionTime = milliseconds.map { min(.milliseconds($0), longest) } ?? longest
  }

  private mutating func forgetEvent() {
    name = ""
    data.removeAll(keepingCapacity: true)
    hasData = false
  }
}
