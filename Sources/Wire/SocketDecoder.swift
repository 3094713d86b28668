import MessageCompression

/// Reads what a server sends on a WebSocket, however it was cut on the way: takes the frames off, puts messages
/// together, and fails what a client must fail (RFC 6455, sections 5.2 to 5.5, 7.4 and 8.1).
public struct SocketDecoder: ~Copyable {
  public enum Part: Hashable, Sendable {
    /// A text message is whole: `message` has it until the next part is taken.
    case text
    /// Is to be answered with a pong of the same payload.
    case ping([UInt8])
    case pong
    /// The server closes; nothing counts that follows. Nil where it gave no code.
    case close(code: Int?)
  }

  /// The longest message that is read, in bytes.
  public static let longestMessage = 1 << 20

  /// The text message that was completed last; before, as much of it as has come.
  public private(set) var message: [UInt8] = []
  /// How many bytes its compression saved, which did not travel.
  public private(set) var savedBytes = 0

  private enum State: Sendable {
    case first
    case second
    /// The bytes of an extended length that are to come.
    case length(left: Int)
    case payload
    case closed
  }

  private var state = State.first
  private var frame = SocketFrameHead()
  /// The payload's bytes that are still to come.
  private var left = 0
  /// The last text frame was not its message's final one.
  private var isInMessage = false
  private var control: [UInt8] = []
  /// Reads compressed messages, where they were agreed on.
  private let inflater: MessageInflater?
  /// The message began with the bit that says it is compressed (RFC 7692, section 6).
  private var isCompressed = false

  /// - Parameter isCompressed: whether messages may come compressed, as the handshake agreed on.
  public init(isCompressed: Bool = false) {
    inflater = isCompressed ? MessageInflater() : nil
  }

  /// Takes the next part off the bytes.
  /// - Returns: nil where more has to come.
  /// - Throws: `SocketViolation`; the connection is to be failed (RFC 6455, section 7.1.7).
  public mutating func next(_ bytes: inout UnsafeRawBufferPointer) throws(SocketViolation) -> Part? {
    while true {
      if case .payload = state {
        let run = bytes.removePrefix(min(left, bytes.count))
        left -= run.count
        if frame.isControl { control.append(contentsOf: run) } else { message.append(contentsOf: run) }
        guard left == 0 else { return nil }
        state = .first
        if let part = try whole() { return part }
        continue
      }
      guard let byte = bytes.first else { return nil }
      bytes.removePrefix(1)
      try takeHead(byte)
    }
  }

  private mutating func takeHead(_ byte: UInt8) throws(SocketViolation) {
    switch state {
    case .first:
      frame = try SocketFrameHead(
        first: byte, isInMessage: isInMessage, allowsCompression: inflater != nil)
      state = .second
    case .second:
      let extended = try frame.lengthBytes(second: byte)
      left = extended == 0 ? Int(byte) : 0
      state = .length(left: extended)
      if extended == 0 { try beginPayload() }
    case .length(let bytes):
      guard left < 1 << 48 else { throw .tooLong }
      left = left << 8 | Int(byte)
      state = .length(left: bytes - 1)
      if bytes == 1 { try beginPayload() }
    case .payload, .closed:
      // Behind the close frame nothing counts (RFC 6455, section 5.5.1).
      break
    }
  }

  private mutating func beginPayload() throws(SocketViolation) {
    try frame.check(length: left)
    if frame.isControl {
      control.removeAll(keepingCapacity: true)
    } else {
      if !isInMessage {
        message.removeAll(keepingCapacity: true)
        isCompressed = frame.isCompressed
      }
      let longest =
        isCompressed ? MessageInflater.longestPayload(of: Self.longestMessage) : Self.longestMessage
      guard message.count + left <= longest else { throw .tooLong }
    }
    state = .payload
  }

  /// A frame is whole.
  /// - Returns: nil where its message goes on.
  private mutating func whole() throws(SocketViolation) -> Part? {
    switch frame.opcode {
    case .ping: return .ping(control)
    case .pong: return .pong
    case .close:
      state = .closed
      return .close(code: try Self.closeCode(control))
    case .text, .continuation:
      isInMessage = !frame.isFinal
      guard frame.isFinal else { return nil }
      if isCompressed { try inflate() } else { savedBytes = 0 }
      guard message.isUTF8 else { throw SocketViolation(1007, "a text message that is not UTF-8") }
      return .text
    }
  }

  private mutating func inflate() throws(SocketViolation) {
    do throws(MessageInflater.Failure) {
      guard let inflated = try inflater?.inflate(message, limit: Self.longestMessage) else { return }
      savedBytes = inflated.count - message.count
      message = inflated
    } catch {
      throw error == .tooLong
        ? .tooLong : SocketViolation(1002, "a compressed message that cannot be read")
    }
  }

  /// The code of a close frame (RFC 6455, sections 5.5.1 and 7.4).
  private static func closeCode(_ payload: [UInt8]) throws(SocketViolation) -> Int? {
    guard !payload.isEmpty else { return nil }
    guard payload.count > 1 else { throw SocketViolation(1002, "a close frame of one byte") }
    let code = Int(payload[0]) << 8 | Int(payload[1])
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: break
    default: throw SocketViolation(1002, "a close frame with \(code), which is no code to be sent")
    }
    guard Array(payload[2...]).isUTF8 else {
      throw SocketViolation(1007, "a close frame whose reason is not UTF-8")
    }
    return code
  }
}

extension [UInt8] {
  /// Most tokens are ASCII, for which nothing has to be made.
  fileprivate var isUTF8: Bool {
    allSatisfy { $0 < 0x80 } || String(validating: self, as: UTF8.self) != nil
  }
}
