/// Bytes made ready for the socket once and written to any number of readers: nothing is framed for one of them
/// alone, and nothing is copied.
public struct Frame {
  /// How the bytes leave.
  public enum Kind: Sendable {
    /// A piece of an open-ended HTTP body: a chunk on HTTP/1.1 (RFC 9112, section 7.1), bare on HTTP/1.0.
    case body
    /// One WebSocket text message.
    case text
    /// One WebSocket binary message.
    case binary
    /// A WebSocket's question whether its peer is there (RFC 6455, section 5.5.2).
    case ping
    /// The end of a WebSocket, as a code of two bytes and a reason (RFC 6455, section 5.5.1).
    case close
  }

  /// What stands before the bytes, in the same piece of memory.
  private struct Shape {
    let kind: Kind
    let payload: Range<Int>
    let end: Int
  }

  private let storage: ManagedBuffer<Shape, UInt8>

  /// - Parameters:
  ///   - payload: copied; for `text` it must be valid UTF-8, for `ping` and `close` at most 125 bytes.
  ///   - isCompressed: the payload is that of a compressed message (RFC 7692, section 6).
  public init(_ kind: Kind, _ payload: [UInt8], isCompressed: Bool = false) {
    let count = payload.count
    let header = kind == .body ? Self.hexadecimalDigits(count) + 2 : Self.messageHeaderCount(count)
    let start = header
    let end = start + count + (kind == .body ? 2 : 0)
    storage = .create(minimumCapacity: end) { _ in
      Shape(kind: kind, payload: start..<start + count, end: end)
    }
    withBytes(framed: true) { bytes in
      switch kind {
      case .body: Self.writeChunk(count, around: header, to: bytes)
      case .text: Self.writeMessageHeader(opcode: 1, count, header, to: bytes)
      case .binary: Self.writeMessageHeader(opcode: 2, count, header, to: bytes)
      case .ping: Self.writeMessageHeader(opcode: 9, count, header, to: bytes)
      case .close: Self.writeMessageHeader(opcode: 8, count, header, to: bytes)
      }
    }
    if isCompressed { withBytes(framed: true) { $0[0] |= 0x40 } }
    withBytes(framed: false) { _ = $0.update(fromContentsOf: payload) }
  }

  /// Several that leave in one write: pieces of a body become one, and messages stand one behind the other.
  /// - Parameter frames: at least one, all of one kind.
  public init(joining frames: [Frame]) {
    let kind = frames[0].kind
    guard kind != .body else {
      self.init(.body, frames.flatMap(\.bytes))
      return
    }
    let count = frames.reduce(0) { $0 + $1.storage.header.end }
    self.init(
      .create(minimumCapacity: count) { _ in
        Shape(kind: kind, payload: 0..<count, end: count)
      })
    withBytes(framed: true) { bytes in
      var rest = bytes[...]
      for frame in frames {
        frame.withBytes(framed: true) {
          rest = rest.dropFirst(rest.update(fromContentsOf: $0) - rest.startIndex)
        }
      }
    }
  }

  /// The messages that it is made of, itself where it is one: only of a row of them the payload begins with a header.
  var messages: [Frame] {
    guard kind != .body, storage.header.payload.lowerBound == 0 else { return [self] }
    return withBytes(framed: true) { bytes in
      var messages: [Frame] = []
      var start = 0
      while start < bytes.count {
        let short = Int(bytes[start + 1])
        let header = Self.messageHeaderCount(short < 126 ? short : short == 126 ? 126 : 65_536)
        let count =
          short < 126 ? short : bytes[(start + 2)..<(start + header)].reduce(0) { $0 << 8 | Int($1) }
        let payload = start + header
        messages.append(Frame(kind, Array(bytes[payload..<(payload + count)])))
        start = payload + count
      }
      return messages
    }
  }

  private init(_ storage: ManagedBuffer<Shape, UInt8>) {
    self.storage = storage
  }

  private static func hexadecimalDigits(_ count: Int) -> Int {
    max(1, (Int.bitWidth - count.leadingZeroBitCount + 3) / 4)
  }

  /// The size's line, and the line's end behind the chunk.
  private static func writeChunk(
    _ count: Int, around header: Int, to bytes: UnsafeMutableBufferPointer<UInt8>
  ) {
    let digits = StaticString("0123456789abcdef").utf8Start
    var rest = count
    for place in (0..<(header - 2)).reversed() {
      bytes[place] = digits[rest & 0xf]
      rest >>= 4
    }
    for end in [header, bytes.count] {
      bytes[end - 2] = UInt8(ascii: "\r")
      bytes[end - 1] = UInt8(ascii: "\n")
    }
  }

  private static func messageHeaderCount(_ count: Int) -> Int {
    count < 126 ? 2 : count < 65_536 ? 4 : 10
  }

  /// An unmasked, whole message's header (RFC 6455, section 5.2).
  private static func writeMessageHeader(
    opcode: UInt8, _ count: Int, _ header: Int, to bytes: UnsafeMutableBufferPointer<UInt8>
  ) {
    bytes[0] = 0x80 | opcode
    bytes[1] = UInt8(header == 2 ? count : header == 4 ? 126 : 127)
    var rest = count
    for place in (2..<header).reversed() {
      bytes[place] = UInt8(truncatingIfNeeded: rest)
      rest >>= 8
    }
  }

  /// Whether both are one piece of memory.
  package func isSame(as other: Frame) -> Bool { storage === other.storage }

  public var kind: Kind { storage.header.kind }

  /// The payload's size in bytes, without any framing.
  public var count: Int { storage.header.payload.count }

  /// A copy of the payload.
  public var bytes: [UInt8] { withBytes(framed: false) { Array($0) } }

  /// - Parameters:
  ///   - framed: with the framing, a chunk's size line and CRLF or a message's header, or without.
  ///   - body: is given the bytes, valid until it returns.
  func withBytes<R>(framed: Bool, _ body: (UnsafeMutableBufferPointer<UInt8>) -> R) -> R {
    // It keeps the storage until `body` has returned.
    storage.withUnsafeMutablePointers { shape, elements in
      let range = framed ? 0..<shape.pointee.end : shape.pointee.payload
      return body(UnsafeMutableBufferPointer(start: elements + range.lowerBound, count: range.count))
    }
  }
}
