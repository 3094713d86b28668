/// Takes the chunks off a body, in place and however they were cut on the way (RFC 9112, section 7.1). What a
/// chunk's extension and the trailer say is read over.
public struct ChunkDecoder: Sendable {
  private enum State: Sendable {
    /// The digits of a size; nil before the first.
    case size(Int?)
    /// Behind them: blanks, before an extension or the line's end.
    case sizeBlanks(Int)
    case extensionOf(Int, left: Int)
    /// A line feed, and then so many bytes.
    case sizeEnd(Int)
    case data(left: Int)
    case dataEnd(left: Int)
    /// Lines up to an empty one. How much of this one has come, and how much of all may still come.
    case trailer(line: Int, left: Int)
    case done
  }

  private var state = State.size(nil)

  /// What is no chunk.
  public struct Malformed: Error {}

  /// The longest extension, and the longest trailer, that is read over, in bytes.
  public static let longestExtra = 16_384

  public init() {}

  /// The last chunk has come, and the trailer behind it.
  public var isDone: Bool {
    if case .done = state { true } else { false }
  }

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
    while index < bytes.count {
      if case .data(let left) = state {
        let count = min(left, bytes.count - index)
        state = count == left ? .dataEnd(left: 2) : .data(left: left - count)
        bytes.removePrefix(index)
        return bytes.removePrefix(count)
      }
      if case .done = state { break }
      state = try Self.state(after: bytes[index], in: state)
      index += 1
    }
    bytes.removePrefix(index)
    return nil
  }

  /// What a byte of the framing leads to.
  private static func state(after byte: UInt8, in state: State) throws(Malformed) -> State {
    switch state {
    case .size(let size):
      if let digit = hexadecimal(byte) {
        guard size ?? 0 < 1 << 40 else { throw Malformed() }
        return .size((size ?? 0) << 4 | digit)
      }
      guard let size else { throw Malformed() }
      return try behindSize(size, byte)
    case .sizeBlanks(let size):
      return try behindSize(size, byte)
    case .extensionOf(let size, let left):
      guard left > 0, byte != UInt8(ascii: "\n") else { throw Malformed() }
      return byte == UInt8(ascii: "\r") ? .sizeEnd(size) : .extensionOf(size, left: left - 1)
    case .sizeEnd(let size):
      guard byte == UInt8(ascii: "\n") else { throw Malformed() }
      return size == 0 ? .trailer(line: 0, left: longestExtra) : .data(left: size)
    case .dataEnd(let left):
      guard byte == (left == 2 ? UInt8(ascii: "\r") : UInt8(ascii: "\n")) else { throw Malformed() }
      return left == 1 ? .size(nil) : .dataEnd(left: 1)
    case .trailer(let line, let left):
      guard left > 0 else { throw Malformed() }
      switch byte {
      case UInt8(ascii: "\n"): return line == 0 ? .done : .trailer(line: 0, left: left - 1)
      case UInt8(ascii: "\r"): return .trailer(line: line, left: left - 1)
      default: return .trailer(line: line + 1, left: left - 1)
      }
    case .data, .done:
      return state
    }
  }

  /// What stands behind a size's digits (RFC 9112, section 7.1.1). Some servers pad them with blanks.
  private static func behindSize(_ size: Int, _ byte: UInt8) throws(Malformed) -> State {
    switch byte {
    case UInt8(ascii: "\r"): .sizeEnd(size)
    case UInt8(ascii: ";"): .extensionOf(size, left: longestExtra)
    case UInt8(ascii: " "), UInt8(ascii: "\t"): .sizeBlanks(size)
    default: throw Malformed()
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
