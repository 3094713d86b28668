import PlainText

/// Looks for what in an event stream's lines readers will not take, however they were cut on the way.
struct EventStreamLint {
  private(set) var faults: [StandardFault] = []
  private var line: [UInt8] = []
  private var number = 0
  private var sawCarriageReturn = false
  /// What the event that has begun has.
  private var hasData = false
  private var hasName = false
  /// Bytes since the last blank line.
  private var unfinished = 0
  /// So many are told; a stream that is none would have one in each line.
  private static let most = 20

  mutating func take(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      let isSecondOfPair = sawCarriageReturn && byte == UInt8(ascii: "\n")
      sawCarriageReturn = byte == UInt8(ascii: "\r")
      if isSecondOfPair { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        endLine()
      } else {
        line.append(byte)
        unfinished += 1
      }
    }
  }

  /// What is left at the end of the stream.
  mutating func end() {
    if unfinished > 0 { note(.unfinished(bytes: unfinished)) }
  }

  private mutating func endLine() {
    defer { line.removeAll(keepingCapacity: true) }
    number += 1
    unfinished += 1
    if number == 1, line.starts(with: [0xef, 0xbb, 0xbf]) { line.removeFirst(3) }
    guard !line.isEmpty else { return endEvent() }
    if String(validating: line, as: UTF8.self) == nil { note(.notUTF8(line: number)) }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    judge(String(decoding: line[..<colon], as: UTF8.self), value)
  }

  private mutating func judge(_ field: String, _ value: ArraySlice<UInt8>) {
    switch field {
    case "": break
    case "data": hasData = true
    case "event": hasName = true
    case "id":
      if value.contains(0) { note(.identifierWithNull(line: number)) }
    case "retry":
      if value.isEmpty || !value.allSatisfy(\.isASCIIDigit) {
        note(.retry(line: number, String(decoding: value, as: UTF8.self)))
      }
    default: note(.unknownField(line: number, field))
    }
  }

  private mutating func endEvent() {
    if hasName, !hasData { note(.eventWithoutData(line: number)) }
    (hasData, hasName, unfinished) = (false, false, 0)
  }

  private mutating func note(_ fault: StandardFault) {
    if faults.count < Self.most { faults.append(fault) }
  }
}
