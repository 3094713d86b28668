import Foundation
import Testing

/// Something a peer may do that it should not, and what it gets for it.
struct BadRequest: Sendable, CustomTestStringConvertible {
  var name: String
  /// What the peer does, one after the other, before it reads.
  var steps: [Step]
  var answer: Answer
  /// The answer takes a time limit to come.
  var isSlow = false

  var testDescription: String { name }

  enum Step: Sendable {
    case bytes([UInt8])
    /// Each byte in a segment of its own.
    case byteByByte(String)
    /// Reads a whole response, which must be 200.
    case takeResponse
    /// Opens a WebSocket at the path, which must succeed.
    case openSocket(String)
    /// Sends no more, and still reads.
    case endSending
    /// Ends the connection by a reset.
    case reset
  }

  enum Answer: Sendable, Equatable, CustomStringConvertible {
    /// A response of HTTP, in words where it is a refusal.
    case status(Int)
    /// The WebSocket is closed with this code (RFC 6455, section 7.4).
    case close(Int)
    /// The WebSocket is closed by a close frame that holds no code.
    case closeWithoutCode
    /// What a WebSocket sent comes back, as if it were in order.
    case echoed(because: String)
    /// The connection ends, and nothing says why.
    case withoutAWord(because: String)
    /// The peer has left and hears nothing.
    case none

    var description: String {
      switch self {
      case .status(let status): "\(status)"
      case .close(let code): "close \(code)"
      case .closeWithoutCode: "close without a code"
      case .echoed(let reason): "taken: \(reason)"
      case .withoutAWord(let reason): "closed without a word: \(reason)"
      case .none: "nothing"
      }
    }

    /// The reason is for those who read; what happens is the same.
    static func == (left: Self, right: Self) -> Bool {
      switch (left, right) {
      case (.status(let one), .status(let other)), (.close(let one), .close(let other)):
        one == other
      case (.closeWithoutCode, .closeWithoutCode), (.echoed, .echoed), (.withoutAWord, .withoutAWord),
        (.none, .none):
        true
      default: false
      }
    }
  }

  init(_ name: String, _ steps: [Step], _ answer: Answer, isSlow: Bool = false) {
    self.name = name
    self.steps = steps
    self.answer = answer
    self.isSlow = isSlow
  }

  /// These very bytes.
  init(_ name: String, raw text: String, _ answer: Answer, isSlow: Bool = false) {
    self.init(name, [.bytes(Array(text.utf8))], answer, isSlow: isSlow)
  }

  /// A request in order but for what is given.
  init(
    _ name: String, _ line: String = "GET /healthz HTTP/1.1", fields: String = "", body: String = "",
    _ answer: Answer, isSlow: Bool = false
  ) {
    self.init(
      name, raw: "\(line)\r\nHost: localhost\r\n\(fields)\r\n\(body)", answer, isSlow: isSlow)
  }

  /// A body that its length describes.
  init(_ name: String, json: String, _ answer: Answer) {
    self.init(
      name, "POST /streams HTTP/1.1", fields: "Content-Length: \(json.utf8.count)\r\n", body: json, answer)
  }

  /// Something behind a request that was in order.
  init(_ name: String, kept text: String, _ answer: Answer, isSlow: Bool = false) {
    let first = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    self.init(
      name, [.bytes(Array(first.utf8)), .takeResponse, .bytes(Array(text.utf8))], answer, isSlow: isSlow)
  }

  /// Bytes on a WebSocket that was opened as it should be.
  init(_ name: String, frames: [UInt8], _ answer: Answer) {
    self.init(name, [.openSocket("/echo"), .bytes(frames)], answer)
  }
}

extension BadRequest {
  /// Does it, and says what came of it.
  /// - Parameter stream: stands for `STREAM` in what is sent.
  func happens(port: Int, stream: String) throws -> Answer {
    let connection = try RawConnection(port: port)
    var socket: String?
    for step in steps {
      switch step {
      case .bytes(let bytes):
        // The server may have had enough before the end.
        try? connection.send(bytes.replacing("STREAM".utf8, with: stream.utf8))
      case .byteByByte(let text):
        for byte in text.replacing("STREAM", with: stream).utf8 { try? connection.send([byte]) }
      case .takeResponse:
        guard try connection.response().status == 200 else { return .none }
      case .openSocket(let path):
        try connection.send(Self.handshake(path))
        guard try connection.receive(through: "\r\n\r\n").contains(" 101 ") else { return .none }
        socket = path
      case .endSending:
        connection.endSending()
      case .reset:
        connection.reset()
        return .none
      }
    }
    return try socket.map { try closing(of: connection, at: $0) } ?? response(on: connection)
  }

  static func handshake(_ path: String, more: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(more)\r\n"
  }

  private func response(on connection: RawConnection) throws -> Answer {
    guard try !connection.hasEnded() else { return .withoutAWord(because: "") }
    let response = try connection.response()
    if response["date"] == nil { throw RawConnection.Failure(what: "\(response.status) without a date") }
    if response.status >= 400, !response.body.hasPrefix(#"{"error":""#) {
      throw RawConnection.Failure(what: "\(response.status) without words: \(response.body)")
    }
    return .status(response.status)
  }

  /// Reads frames up to the one that closes, or that is an echo.
  private func closing(of connection: RawConnection, at path: String) throws -> Answer {
    while try !connection.hasEnded() {
      let head = try connection.receive(count: 2)
      var length = Int(head[1])
      if length >= 126 {
        length = try connection.receive(count: length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
      }
      let payload = try connection.receive(count: length)
      if path == "/echo", head[0] & 8 == 0 { return .echoed(because: "") }
      guard head[0] == 0x88 else { continue }
      return payload.count < 2 ? .closeWithoutCode : .close(Int(payload[0]) << 8 | Int(payload[1]))
    }
    return .withoutAWord(because: "")
  }
}
