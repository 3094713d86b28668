import Readings
import Testing
import Wire

@testable import LabClient

/// What a client checks of the answer to its opening handshake (RFC 6455, section 4.1).
@Suite struct SocketHandshakeTests {
  // The key and the answer of section 1.3.
  private let handshake = SocketHandshake(key: "dGhlIHNhbXBsZSBub25jZQ==")
  private static let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
  private static let good =
    "101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\(accept)"

  private func error(_ text: String, _ handshake: SocketHandshake? = nil) throws -> String? {
    (handshake ?? self.handshake).error(in: try ReceivedHead("HTTP/1.1 \(text)\r\n\r\n".utf8))?.description
  }

  @Test func `the request offers what the standard asks for`() {
    let fields = handshake.fields.map { "\($0.0.lowercased()): \($0.1.lowercased())" }
    #expect(
      Set(fields) == [
        "connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13",
        "sec-websocket-key: dghlihnhbxbszsbub25jzq==",
      ])
    #expect(SocketHandshake().fields.map(\.1) != SocketHandshake().fields.map(\.1))
  }

  @Test(arguments: [
    good, "101 \r\nUPGRADE: WebSocket\r\nconnection:upgrade\r\n\(accept)",
    "101 OK\r\nUpgrade:websocket\r\nConnection: keep-alive, UPGRADE\r\n\(accept)  ",
    "101 OK\r\n\(accept)\r\nConnection: foo\r\nConnection: bar , Upgrade\r\nUpgrade: \twebsocket\r\nA: b",
    "\(good)\r\nSec-WebSocket-Extensions:",
  ])
  func `an answer that opens a WebSocket is taken`(_ text: String) throws {
    #expect(try error(text) == nil)
  }

  @Test(
    arguments: [
      ("200 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\(accept)", "answered 200: OK"),
      ("101 OK\r\nConnection: Upgrade\r\n\(accept)", "Upgrade is not websocket"),
      ("101 OK\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\(accept)", "Upgrade is not websocket"),
      ("101 OK\r\nUpgrade: websockets\r\nConnection: Upgrade\r\n\(accept)", "Upgrade is not websocket"),
      ("101 OK\r\nUpgrade: websocket, h2c\r\nConnection: Upgrade\r\n\(accept)", "Upgrade is not websocket"),
      ("101 OK\r\nUpgrade: websocket\r\n\(accept)", "Connection does not name upgrade"),
      (
        "101 OK\r\nUpgrade: websocket\r\nConnection: no-upgrade\r\n\(accept)",
        "Connection does not name upgrade"
      ),
      ("101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade", "Sec-WebSocket-Accept is wrong"),
      ("\(good.replacing("s3p", with: "S3P"))", "Sec-WebSocket-Accept is wrong"),
      ("\(good)\r\n\(accept)", "Sec-WebSocket-Accept is wrong"),
      (
        "\(good)\r\nSec-WebSocket-Extensions: permessage-deflate",
        "Sec-WebSocket-Extensions that was not asked for"
      ),
      ("\(good)\r\nSec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol that was not asked for"),
    ])
  func `any other is not, in words`(_ text: String, _ words: String) throws {
    #expect(try error(text)?.contains(words) == true)
  }

  @Test func `compression is offered where it is wanted, and taken as far as it can be read`() throws {
    let offering = SocketHandshake(key: "dGhlIHNhbXBsZSBub25jZQ==", offersCompression: true)
    #expect(offering.fields.contains { $0 == ("Sec-WebSocket-Extensions", "permessage-deflate") })
    let answer = "\(Self.good)\r\nSec-WebSocket-Extensions: permessage-deflate"
    #expect(try error(answer, offering) == nil)
    #expect(try error("\(answer); server_no_context_takeover", offering) == nil)
    #expect(try error(Self.good, offering) == nil)
    for unread in ["; server_max_window_bits=3", ", permessage-deflate", "; client_max_window_bits=10"] {
      #expect(try error(answer + unread, offering)?.contains("does not answer what was offered") == true)
    }
  }

  @Test func `the tests' own server answers as the standard's`() {
    let answer = Handshake.answer(to: "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
    #expect(answer.contains(Self.accept))
  }
}
