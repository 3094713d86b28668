/// What stands before a frame's payload, as a client may find it (RFC 6455, section 5.2).
struct SocketFrameHead: Sendable {
  enum Opcode: UInt8, Sendable {
    case continuation = 0
    case text = 1
    case close = 8
    case ping = 9
    case pong = 10
  }

  let opcode: Opcode
  /// The last of its message.
  let isFinal: Bool
  /// Its message is compressed (RFC 7692, section 6).
  let isCompressed: Bool
  /// How many bytes of an extended length follow the second byte.
  private var extended = 0

  var isControl: Bool { opcode.rawValue >= 8 }

  /// None has come.
  init() {
    opcode = .continuation
    isFinal = true
    isCompressed = false
  }

  /// - Parameters:
  ///   - byte: the frame's first.
  ///   - isInMessage: a message was begun and goes on.
  ///   - allowsCompression: messages may be compressed.
  init(first byte: UInt8, isInMessage: Bool, allowsCompression: Bool = false) throws(SocketViolation) {
    isFinal = byte & 0x80 != 0
    isCompressed = byte & 0x40 != 0
    // The bit stands in a message's first frame alone.
    let mayBeCompressed = allowsCompression && !isInMessage && byte & 0x08 == 0
    guard byte & 0x30 == 0, !isCompressed || mayBeCompressed else {
      throw SocketViolation(1002, "a frame with reserved bits set, for which no extension was agreed on")
    }
    guard let opcode = Opcode(rawValue: byte & 0x0f) else {
      if byte & 0x0f == 2 { throw SocketViolation(1003, "a binary message") }
      throw SocketViolation(1002, "a frame with opcode \(byte & 0x0f), which means nothing")
    }
    self.opcode = opcode
    guard isFinal || !isControl else { throw SocketViolation(1002, "a control frame in fragments") }
    switch opcode {
    case .continuation where !isInMessage:
      throw SocketViolation(1002, "a continuation of no message")
    case .text where isInMessage:
      throw SocketViolation(1002, "a message in the midst of another")
    default: break
    }
  }

  /// - Parameter byte: the frame's second.
  /// - Returns: how many bytes of an extended length follow; 0 where the byte is the length.
  mutating func lengthBytes(second byte: UInt8) throws(SocketViolation) -> Int {
    guard byte & 0x80 == 0 else { throw SocketViolation(1002, "a masked frame, which only clients send") }
    guard byte < 126 || !isControl else {
      throw SocketViolation(1002, "a control frame of more than 125 bytes")
    }
    extended = byte < 126 ? 0 : byte == 126 ? 2 : 8
    return extended
  }

  /// A length is stated in as few bytes as it takes.
  func check(length: Int) throws(SocketViolation) {
    let fewest = length < 126 ? 0 : length <= 0xffff ? 2 : 8
    guard extended == fewest else {
      throw SocketViolation(1002, "a length of \(length) stated in \(extended) bytes")
    }
  }
}

/// What a server must not send on a WebSocket, in words that go on after "the server sent".
public struct SocketViolation: Error, Hashable, CustomStringConvertible {
  /// What the connection is failed with (RFC 6455, section 7.4.1).
  public let closeCode: Int
  public let description: String

  init(_ closeCode: Int, _ description: String) {
    self.closeCode = closeCode
    self.description = description
  }

  static let tooLong = SocketViolation(1009, "a message of more than \(SocketDecoder.longestMessage) bytes")
}
