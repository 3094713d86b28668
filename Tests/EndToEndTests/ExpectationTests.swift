import LabServer
import Testing

/// Clients that wait for a word before they send a body (RFC 9110, section 10.1.1).
@Suite struct ExpectationTests {
  private static let body = #"{"prompt":"a"}"#

  private func head(_ line: String, fields: String = "") -> String {
    "\(line) HTTP/1.1\r\nHost: localhost\r\n\(fields)Expect: 100-continue\r\n"
      + "Content-Length: \(Self.body.utf8.count)\r\n\r\n"
  }

  @Test func `who may send a body is told so, and then answered`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      try connection.send(head("POST /streams"))
      #expect(try connection.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      try connection.send(Self.body)
      #expect(try connection.response().status == 201)
      try connection.send(head("POST /chat-stream"))
      #expect(try connection.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
    }
  }

  @Test(arguments: [
    ("POST /streams", "Origin: http://other.example\r\n", 403), ("POST /nowhere", "", 404),
    ("POST /streams/nonsense", "", 404), ("PUT /streams", "", 405), ("POST /healthz", "", 405),
    ("POST http://other.example/streams", "", 421),
  ])
  func `who is refused is told at once, and the connection ends`(
    _ line: String, _ fields: String, _ status: Int
  ) async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      try connection.send(head(line, fields: fields))
      let response = try connection.response()
      #expect(response.status == status)
      #expect(response["connection"] == "close")
      #expect(response.body.hasPrefix(#"{"error":"#))
      // Some send it all the same; it is no request.
      try? connection.send(Self.body)
      #expect(try connection.receiveToEnd() == "")
      #expect(try lab.metric("pushlab_streams_started_total") == 0)
    }
  }
}
