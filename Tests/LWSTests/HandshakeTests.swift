import MessageCompression
import Testing

@testable import LWS

/// Which requests open a WebSocket (RFC 6455, section 4.2.1), by literal bytes.
@Suite struct HandshakeTests {
  private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

  private func read(
    _ line: String = "GET / HTTP/1.1", connection: String = "Upgrade", upgrade: String = "websocket",
    version: String = "13", key: String = key, more: String = ""
  ) throws -> Handshake {
    let text =
      "\(line)\r\nHost: a\r\nConnection: \(connection)\r\nUpgrade: \(upgrade)\r\n"
      + "Sec-WebSocket-Version: \(version)\r\nSec-WebSocket-Key: \(key)\r\n\(more)\r\n"
    let head = try Array(text.utf8).withUnsafeBytes { try RequestHead($0, names: []) }
    if let problem = head.problem { throw problem }
    return head.handshake
  }

  @Test func `lists are read as lists, in any case`() throws {
    let opened = Handshake.webSocket(key: Self.key, nil)
    #expect(try read() == opened)
    #expect(try read(connection: "keep-alive, UPGRADE", upgrade: "foo/2 , WebSocket") == opened)
    #expect(try read(connection: "keep-alive\r\nConnection: upgrade") == opened)
    #expect(try read(upgrade: "h2c\r\nUpgrade: websocket/13") == opened)
    #expect(
      try read(more: "Sec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Extensions: x\r\n") == opened)
    #expect(try read(more: "Content-Length: 0\r\n") == opened)
  }

  // RFC 9110, section 7.8: an offer that is not taken is passed over.
  @Test func `other offers open nothing and refuse nothing`() throws {
    #expect(try read(upgrade: "TLS/1.2") == .none)
    #expect(try read(connection: "Upgrade, HTTP2-Settings", upgrade: "h2c") == .none)
    #expect(try read(upgrade: "websockets") == .none)
    #expect(try read(connection: "keep-alive") == .none)
    #expect(try read("POST / HTTP/1.1") == .none)
    #expect(try read("HEAD / HTTP/1.1", version: "12") == .none)
    #expect(try read("GET / HTTP/1.0") == .none)
  }

  @Test(arguments: ["12", "14", "", "x", "13, 8", "13\r\nSec-WebSocket-Version: 13"])
  func `another version is told so`(_ version: String) {
    #expect(throws: RequestProblem.unknownWebSocketVersion) { try read(version: version) }
  }

  @Test(arguments: [
    "", "YQ==", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub2*jZQ==",
    "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "dGhlIHNhbXBsZSBub25jZQ== dGhl",
  ])
  func `a key is 16 bytes in base64, said once`(_ key: String) {
    #expect(throws: RequestProblem.malformed) { try read(key: key) }
  }

  @Test func `a body has no place in it`() {
    #expect(throws: RequestProblem.malformed) { try read(more: "Content-Length: 5\r\n") }
  }

  // RFC 6455, section 9.1: several lines are one list.
  @Test func `of what is offered of compression the first that can be kept counts`() throws {
    let offers = "Sec-WebSocket-Extensions: x\r\nSec-WebSocket-Extensions: "
    #expect(
      try read(more: "\(offers)permessage-deflate; a=b, permessage-deflate; client_max_window_bits\r\n")
        == .webSocket(key: Self.key, CompressionTerms()))
    #expect(try read(more: "\(offers)permessage-deflate; a=b\r\n") == .webSocket(key: Self.key, nil))
  }

  @Test func `libwebsockets reads a handshake and nothing else of what a client said`() {
    let canonical =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    #expect(String(decoding: Handshake.canonical(key: Self.key, nil), as: UTF8.self) == canonical + "\r\n")
    let terms = CompressionTerms(offers: ["permessage-deflate; server_max_window_bits=12"])
    #expect(
      String(decoding: Handshake.canonical(key: Self.key, terms), as: UTF8.self)
        == canonical + "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=12\r\n\r\n")
  }
}
