/// Takes the chunks off a body, in place and however they were cut on the way (RFC 9112, section 7.1). What a
/// chunk's extension and the trailer say is read over.
public struct ChunkDecoder: Sendable {
  private enum Step: Sendable {
    /// Digits of a size.
    case size
    /// Blanks behind them, before an extension or the line's end.
    case sizeBlanks
    case extra
    /// The line feed of the size's line.
    case sizeEnd
    case data
    /// The line's end behind a chunk's data: its carriage return, and its line feed.
    case dataReturn
    case dataEnd
    /// Lines up to an empty one.
    case trailer
    case done
  }

  private var step = Step.size
  /// As far as its digits have come.
  private var size = 0
  private var hasDigit = false
  /// How much of the chunk's data is still to come, or may be of what is read over.
  private var left = 0
  /// What has come of the trailer's line.
  private var line = 0

  /// What is no chunk.
  public struct Malformed: Error {}

  /// The longest extension, and the longest trailer, that is read over, in bytes.
  public static let longestExtra = 16_384

  public init() {}

  /// The last chunk has come, and the trailer behind it.
  public var isDone: Bool { step == .done }

  /// - Parameter body: called for each run of the body's own bytes, which are valid only meanwhile.
  /// - Throws: `Malformed`.
  public mutating func decode(
    _ bytes: UnsafeRawBufferPointer, body: (UnsafeRawBufferPointer) -> Void
  ) throws(Malformed) {
    var rest = bytes
    while let run = try next(&rest) { body(run) }
  }

  /// Takes the next run of the body's own bytes off these.
  /// - Returns: nil where more has to come, or the body is done; what stands behind it is left.
  /// - Throws: `Malformed`.
  public mutating func next(
    _ bytes: inout UnsafeRawBufferPointer
  ) throws(Malformed) -> UnsafeRawBufferPointer? {
    var index = 0
    while index < bytes.count, step != .done {
      if step == .data {
        let end = index + min(left, bytes.count - index)
        let run = UnsafeRawBufferPointer(rebasing: bytes[index..<end])
        bytes = UnsafeRawBufferPointer(rebasing: bytes[end...])
        left -= run.count
        if left == 0 { step = .dataReturn }
        return run
      }
      try take(bytes[index])
      index += 1
    }
    bytes = UnsafeRawBufferPointer(rebasing: bytes[index...])
    return nil
  }

  /// A byte of the framing. It is called for six bytes of every chunk, and a call costs more than what it does.
  @inline(__always)
  private mutating func take(_ byte: UInt8) throws(Malformed) {
    switch step {
    case .size:
      guard let digit = Self.hexadecimal(byte) else {
        guard hasDigit else { throw Malformed() }
        return try takeBehindSize(byte)
      }
      guard size < 1 << 40 else { throw Malformed() }
      size = size << 4 | digit
      hasDigit = true
    case .sizeBlanks:
      try takeBehindSize(byte)
    case .extra:
      guard left > 0, byte != UInt8(ascii: "\n") else { throw Malformed() }
      left -= 1
      if byte == UInt8(ascii: "\r") { step = .sizeEnd }
    case .sizeEnd:
      guard byte == UInt8(ascii: "\n") else { throw Malformed() }
      step = size == 0 ? .trailer : .data
      left = size == 0 ? Self.longestExtra : size
      size = 0
      hasDigit = false
    case .dataReturn:
      guard byte == UInt8(ascii: "\r") else { throw Malformed() }
      step = .dataEnd
    case .dataEnd:
      guard byte == UInt8(ascii: "\n") else { throw Malformed() }
      step = .size
    case .trailer:
      try takeTrailer(byte)
    case .data, .done:
      break
    }
  }

  /// What stands behind a size's digits (RFC 9112, section 7.1.1). Some servers pad them with blanks.
  private mutating func takeBehindSize(_ byte: UInt8) throws(Malformed) {
    switch byte {
    case UInt8(ascii: "\r"): step = .sizeEnd
    case UInt8(ascii: " "), UInt8(ascii: "\t"): step = .sizeBlanks
    case UInt8(ascii: ";"):
      step = .extra
      left = Self.longestExtra
    default: throw Malformed()
    }
  }

  private mutating func takeTrailer(_ byte: UInt8) throws(Malformed) {
    guard left > 0 else { throw Malformed() }
    left -= 1
    switch byte {
    case UInt8(ascii: "\n"):
      if line == 0 { step = .done }
      line = 0
    case UInt8(ascii: "\r"): break
    default: line += 1
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
