import Answers
import Foundation
import LabServer
import Testing

/// What comes behind a request is served in its turn, or not at all and told so (RFC 9112, sections 9.3.2 and 9.6).
@Suite struct RequestsInARowTests {
  private static let health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
  private static let question = #"{"prompt":"a","tokens":2,"think":0}"#
  private static let ask =
    "POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(question.utf8.count)\r\n\r\n\(question)"
  private static let stream =
    "GET /chat-stream?prompt=a&tokens=2&think=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"

  @Test func `questions with bodies in one segment are each answered`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      try connection.send(Self.ask + Self.health + Self.ask + "\r\n" + Self.ask)
      let statuses = try (0..<4).map { _ in try connection.response().status }
      #expect(statuses == [201, 200, 201, 201])
    }
  }

  @Test func `a request that comes with the end of the one before it is cut anywhere`() async throws {
    try await withLab { lab in
      let bytes = Array((Self.ask + Self.health).utf8)
      for cut in stride(from: 1, to: bytes.count, by: 7) {
        let connection = try RawConnection(port: lab.port)
        try connection.send(Array(bytes[..<cut]))
        // An answer to somebody else: the first part has been looked at.
        #expect(try lab.request("GET", "/healthz").status == 200)
        try connection.send(Array(bytes[cut...]))
        #expect(try connection.response().status == 201)
        #expect(try connection.response().status == 200)
      }
    }
  }

  @Test func `what comes behind an event stream is served when that is over`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      try connection.send(Self.stream + Self.stream + Self.health)
      for _ in 0..<2 { #expect(try connection.receive(through: "0\r\n\r\n").contains("[STREAM_END]")) }
      #expect(try connection.response().body == #"{"status":"ok"}"#)
    }
  }

  @Test func `many requests at once are all answered`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      try connection.send(String(repeating: Self.health, count: 2_000))
      for _ in 0..<2_000 { #expect(try connection.response().status == 200) }
    }
  }

  @Test
  func `a WebSocket may begin on a connection that was used, with its first message behind the handshake`()
    async throws
  {
    try await withLab { lab in
      for before in ["", Self.health, Self.ask + Self.health] {
        let connection = try RawConnection(port: lab.port)
        let message = SocketPeer.frame(opcode: 1, Array("hello".utf8))
        try connection.send(Array((before + BadRequest.handshake("/echo")).utf8) + message)
        for _ in 0..<before.components(separatedBy: "Host").count - 1 { _ = try connection.response() }
        #expect(try connection.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 101 "))
        #expect(try connection.receive(count: 7) == [0x81, 5] + Array("hello".utf8))
        try connection.send(SocketPeer.frame(opcode: 2, [1]))
        #expect(try connection.receive(count: 3) == [0x82, 1, 1])
      }
    }
  }

  @Test func `a reader that has sent all it will gets every answer, and then the end`() async throws {
    try await withLab { lab in
      let stream = try lab.start(.silent).stream
      let poll = "GET /streams/\(stream)/long-poll?wait=0.2 HTTP/1.1\r\nHost: localhost\r\n\r\n"
      let connection = try RawConnection(port: lab.port)
      try connection.send(Self.ask + poll + Self.health + Self.stream)
      connection.endSending()
      #expect(try connection.response().status == 201)
      // Asked whether it is still there (RFC 9110, section 15.2.1), which a client passes over.
      let rest = try connection.receiveToEnd()
      #expect(rest.contains(#""done":false"#))
      #expect(rest.contains(#"{"status":"ok"}"#))
      #expect(rest.hasSuffix("0\r\n\r\n"))
    }
  }

  @Test(arguments: [
    ("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200),
    ("GET /healthz HTTP/1.0\r\n\r\n", 200), ("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
    ("POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n", 413),
    ("POST /streams HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
  ])
  func `the last answer says that it is the last, and arrives whatever is sent behind it`(
    _ request: String, _ status: Int
  ) async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      try connection.send(request + String(repeating: Self.health, count: 500))
      let answer = try connection.response()
      #expect(answer.status == status)
      #expect(answer["connection"] == "close")
      #expect(try connection.receiveToEnd() == "")
    }
  }

  @Test func `a request's time counts from its first byte, whatever comes late`() async throws {
    var limits = Limits()
    limits.connection.requestTime = .seconds(4)
    try await withLab(limits: limits) { lab in
      let connection = try RawConnection(port: lab.port)
      try connection.send("POST /streams HTTP/1.1\r\nHost: local")
      usleep(3_500_000)
      try connection.send("host\r\nContent-Length: 14\r\n\r\n{")
      // A head that took its time leaves the body what is left.
      let begun = ContinuousClock.now
      #expect(try connection.response().status == 408)
      #expect(ContinuousClock.now - begun < .seconds(3.5))
    }
  }

  // RFC 9110, section 9.3.2.
  @Test(arguments: [
    "/ HTTP/1.1\r\n\r\n", "/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "/nowhere HTTP/1.0\r\n\r\n",
    "/ HTTP/3.0\r\n", "/\(String(repeating: "a", count: 13_000))",
    "/ HTTP/1.1\r\nHost: localhost\r\nExpect: a-coffee\r\n\r\n",
  ])
  func `who asks for a head gets no body, whatever is wrong`(_ rest: String) async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      try connection.send("HEAD \(rest)")
      let answer = try connection.receiveToEnd()
      #expect(answer.contains("\r\ncontent-length: "))
      #expect(answer.hasSuffix("\r\n\r\n"))
    }
  }

  @Test func `a connection of HTTP 1.0 is kept where its client asks for that`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      for _ in 0..<3 {
        try connection.send("GET /healthz HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        let answer = try connection.response()
        #expect(answer.status == 200)
        #expect(answer["connection"] == "keep-alive")
      }
      // The end of an answer whose length is not known is the connection's.
      try connection.send(
        "GET /chat-stream?prompt=a&tokens=1&think=0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      let stream = try connection.receiveToEnd()
      #expect(stream.contains("\r\nconnection: close\r\n"))
      #expect(!stream.contains("transfer-encoding"))
      #expect(stream.hasSuffix("[STREAM_END]\n\n"))
    }
  }

  @Test func `every connection that says nothing is closed in time, and none that is answered`() async throws
  {
    var limits = Limits()
    limits.connection.idleTime = .seconds(1)
    try await withLab(limits: limits) { lab in
      let stream = try lab.start(.silent).stream
      let silent = try (0..<3).map { _ in try RawConnection(port: lab.port) }
      let used = try (0..<3).map { _ in try RawConnection(port: lab.port) }
      for connection in used { #expect(try connection.request("GET", "/healthz").status == 200) }
      let held = try RawConnection(port: lab.port)
      try held.send("GET /streams/\(stream)/long-poll?wait=3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
      for connection in silent + used { #expect(try connection.receiveToEnd() == "") }
      #expect(try held.response().status == 200)
    }
  }
}
