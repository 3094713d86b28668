import CLibwebsockets

/// Bytes made ready for the socket once and written to any number of readers.
///
/// libwebsockets writes in place and, for a WebSocket message, puts the frame header into the bytes before
/// the payload; the storage therefore opens with `LWS_PRE` spare bytes. That header is the same for every
/// reader of the frame, so sharing is safe on the one thread that may write.
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
  let chunkCount: Int
  private let storage: UnsafeMutablePointer<UInt8>
  private let payloadOffset: Int

  /// - Parameter payload: copied; for `text` it must be valid UTF-8.
  public init(_ kind: Kind, _ payload: some Collection<UInt8>) {
    self.kind = kind
    count = payload.count
    let prefix = kind == .body ? Array("\(String(payload.count, radix: 16))\r\n".utf8) : []
    let suffix = kind == .body ? Array("\r\n".utf8) : []
    payloadOffset = Int(clws_pre) + prefix.count
    chunkCount = prefix.count + payload.count + suffix.count
    storage = .allocate(capacity: Int(clws_pre) + chunkCount)
    let whole = UnsafeMutableBufferPointer(start: storage + Int(clws_pre), count: chunkCount)
    var next = whole.startIndex
    for part in [prefix, Array(payload), suffix] {
      next = whole[next...].update(fromContentsOf: part)
    }
  }

  /// A copy of the payload.
  public var bytes: [UInt8] { Array(payload) }

  deinit {
    storage.deallocate()
  }

  /// The bytes as a chunk: size line, payload, CRLF.
  var chunk: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(start: storage + Int(clws_pre), count: chunkCount)
  }

  /// The payload behind the header that libwebsockets has put before it, once it was written as a WebSocket
  /// message: the unmasked header of RFC 6455, section 5.2.
  var asWritten: UnsafeRawBufferPointer {
    let header = count < 126 ? 2 : count < 65_536 ? 4 : 10
    return UnsafeRawBufferPointer(start: storage + payloadOffset - header, count: header + count)
  }

  /// The bytes without chunk framing, with `LWS_PRE` writable bytes before them.
  var payload: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(start: storage + payloadOffset, count: count)
  }
}
