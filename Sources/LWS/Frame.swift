import CLibwebsockets

/// Bytes made ready for the socket once and written to any number of readers: nothing is framed for one of them
/// alone, and nothing is copied.
public final class Frame {
  /// How the bytes leave.
  public enum Kind: Sendable {
    /// A piece of an open-ended HTTP body: a chunk on HTTP/1.1 (RFC 9112, section 7.1), bare on HTTP/1.0.
    case body
    /// One WebSocket text message.
    case text
    /// One WebSocket binary message.
    case binary
  }

  public let kind: Kind
  /// The payload's size in bytes, without any framing.
  public let count: Int
  private let storage: UnsafeMutableBufferPointer<UInt8>
  private let payloadRange: Range<Int>

  /// - Parameter payload: copied; for `text` it must be valid UTF-8.
  public init(_ kind: Kind, _ payload: some Collection<UInt8>) {
    self.kind = kind
    count = payload.count
    let prefix: [UInt8] =
      switch kind {
      case .body: Array("\(String(count, radix: 16))\r\n".utf8)
      case .text: Self.messageHeader(opcode: 1, count)
      case .binary: Self.messageHeader(opcode: 2, count)
      }
    let suffix = kind == .body ? Array("\r\n".utf8) : []
    // libwebsockets wants `LWS_PRE` bytes of its own before whatever it writes.
    let start = Int(clws_pre) + prefix.count
    payloadRange = start..<start + count
    storage = .allocate(capacity: start + count + suffix.count)
    var next = storage[Int(clws_pre)...].startIndex
    for part in [prefix, Array(payload), suffix] {
      next = storage[next...].update(fromContentsOf: part)
    }
  }

  deinit {
    storage.deallocate()
  }

  /// An unmasked, whole message's header (RFC 6455, section 5.2).
  private static func messageHeader(opcode: UInt8, _ count: Int) -> [UInt8] {
    let lengthBytes = count < 126 ? 0 : count < 65_536 ? 2 : 8
    let length = UInt8(lengthBytes == 0 ? count : lengthBytes == 2 ? 126 : 127)
    let extended = (0..<lengthBytes).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return [0x80 | opcode, length] + extended
  }

  /// A copy of the payload.
  public var bytes: [UInt8] { Array(payload) }

  /// The bytes with their framing: a chunk's size line and CRLF, or a message's header.
  var framed: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(rebasing: storage[Int(clws_pre)...])
  }

  /// The bytes without it.
  var payload: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(rebasing: storage[payloadRange])
  }
}
