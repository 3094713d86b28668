/// Takes the chunks off a body, in place and however they were cut on the way (RFC 9112, section 7.1).
public struct ChunkDecoder: Sendable {
  private enum State: Sendable {
    case size(Int)
    /// Behind the size's digits: an extension, which is ignored, and the line's end.
    case extensionOf(Int)
    case data(left: Int)
    case dataEnd(left: Int)
    case done
  }

  private var state = State.size(0)

  /// What is no chunk.
  public struct Malformed: Error {}

  public init() {}

  /// The last chunk has come.
  public var isDone: Bool {
    if case .done = state { true } else { false }
  }

  /// - Parameter body: called for each run of the body's own bytes, which are valid only meanwhile.
  /// - Throws: `Malformed`.
  public mutating func decode(
    _ bytes: UnsafeRawBufferPointer, body: (UnsafeRawBufferPointer) -> Void
  ) throws(Malformed) {
    var index = 0
    while index < bytes.count {
      switch state {
      case .size(let size):
        guard let digit = Self.hexadecimal(bytes[index]) else {
          state = .extensionOf(size)
          continue
        }
        guard size < 1 << 40 else { throw Malformed() }
        state = .size(size << 4 | digit)
        index += 1
      case .extensionOf(let size):
        if bytes[index] == UInt8(ascii: "\n") { state = size == 0 ? .done : .data(left: size) }
        index += 1
      case .data(let left):
        let count = min(left, bytes.count - index)
        body(UnsafeRawBufferPointer(rebasing: bytes[index..<(index + count)]))
        index += count
        state = count == left ? .dataEnd(left: 2) : .data(left: left - count)
      case .dataEnd(let left):
        guard bytes[index] == (left == 2 ? UInt8(ascii: "\r") : UInt8(ascii: "\n")) else { throw Malformed() }
        index += 1
        state = left == 1 ? .size(0) : .dataEnd(left: 1)
      case .done:
        return
      }
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
