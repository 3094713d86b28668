import Foundation
import Wire

/// A WebSocket client of a few lines (RFC 6455, section 5.2), that shares no code with the readers.
struct SocketPeer {
  private let connection: RawConnection

  /// The fields of a handshake beside `Host` (RFC 6455, section 4.1).
  static let handshake = """
    Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n
    """

  init(port: Int, path: String, fields: String = "", receiveBuffer: CInt? = nil) throws {
    connection = try RawConnection(port: port, receiveBuffer: receiveBuffer)
    try connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\(Self.handshake)\r\n")
    _ = try connection.receive(through: "\r\n\r\n")
  }

  func send(_ text: String) throws {
    try send(opcode: 1, Array(text.utf8))
  }

  func send(opcode: UInt8, _ payload: [UInt8], isLast: Bool = true) throws {
    try connection.send(Self.frame(opcode: opcode, payload, isLast: isLast))
  }

  /// One masked frame, with a mask of zeros.
  static func frame(opcode: UInt8, _ payload: [UInt8], isLast: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = [(isLast ? 0x80 : 0) | opcode]
    switch payload.count {
    case ..<126: bytes.append(0x80 | UInt8(payload.count))
    case ..<65_536: bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    default:
      bytes.append(0x80 | 127)
      bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
    }
    return bytes + [0, 0, 0, 0] + payload
  }

  /// The next message, its fragments put together.
  func frame() throws -> (opcode: UInt8, payload: [UInt8]) {
    var message: [UInt8] = []
    var opcode: UInt8 = 0
    while true {
      let head = try connection.receive(count: 2)
      var length = Int(head[1] & 0x7f)
      if length >= 126 {
        length = try connection.receive(count: length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
      }
      message += try connection.receive(count: length)
      if head[0] & 0x0f != 0 { opcode = head[0] & 0x0f }
      if head[0] & 0x80 != 0 { return (opcode, message) }
    }
  }

  func message() throws -> StreamMessage {
    try StreamMessage(json: frame().payload)
  }

  /// The code of the close frame that comes next.
  func closeCode() throws -> Int {
    let (opcode, payload) = try frame()
    guard opcode == 8, payload.count >= 2 else { throw RawConnection.Failure(what: "no close frame") }
    return Int(payload[0]) << 8 | Int(payload[1])
  }
}
