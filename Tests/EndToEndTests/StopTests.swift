import Foundation
import Testing

@Suite struct StopTests {
  @Test(arguments: [10, 12, 96])
  func `too few open files are told, and nothing is started`(_ openFiles: Int) async throws {
    let outcome = try await Command.run(
      "/bin/sh", ["-c", "ulimit -n \(openFiles); exec \"$0\" serve --port 0", try Command.pushlab])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("\(openFiles) open files are too few"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal ends the server cleanly`(_ signal: Int32) async throws {
    let server = try Command(Command.pushlab, ["serve", "--port", "0"])
    let port = try server.port()
    // Something of each kind is open: an event stream, a WebSocket, an idle connection.
    let events = try RawConnection(port: port)
    try events.send("GET /chat-stream?prompt=a&think=3600 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _ = try events.receive(through: "event: started")
    let socket = try RawConnection(port: port)
    try socket.send(
      "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    #expect(try socket.receive(through: "\r\n\r\n").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    let idle = try RawConnection(port: port)
    #expect(try idle.request("GET", "/healthz").status == 200)

    server.signal(signal)
    let outcome = await server.outcome()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    // RFC 6455, section 7.4.1: going away.
    #expect(try socket.receive(count: 4) == [0x88, 2, 0x03, 0xe9])
    _ = try events.receiveToEnd()
    _ = try idle.receiveToEnd()
  }
}
