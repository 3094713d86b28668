import Answers
import LabServer
import Testing
import Wire

/// Whatever a request holds, no browser takes the answer for a page with it.
@Suite struct MarkupTests {
  private static let script = "<script>alert(1)</script>"
  private static let encoded = "%3Cscript%3Ealert(1)%3C/script%3E"

  @Test(
    arguments: [
      ("GET", "/\(encoded)", "", nil), ("GET", "/\(script)", "", nil),
      ("GET", "/streams/\(encoded)", "", nil),
      ("GET", "/streams/0123456789abcdef/\(encoded)", "", nil),
      ("GET", "/streams/0123456789abcdef/poll?from=\(encoded)", "", nil),
      ("GET", "/streams/0123456789abcdef/poll?\(encoded)=1", "", nil),
      ("GET", "/chat-stream?prompt=a&rate=\(encoded)", "", nil),
      ("POST", "/streams", "", #"{"\#(script)":1}"#),
      ("POST", "/streams", "", #"{"prompt":"a","rate":"\#(script)"}"#),
      ("POST", "/streams", "", script), ("PUT", "/streams/\(encoded)", "", "{}"),
      ("GET", "/metrics", "Origin: \(script)\r\n", nil), ("GET", "/metrics", "Accept: \(script)\r\n", nil),
      ("GET", "/chat-socket?\(encoded)", "Connection: Upgrade\r\nUpgrade: \(script)\r\n", nil),
      ("GET", "http://\(script)/", "", nil),
      ("GET", "/streams/x/socket?\(encoded)", SocketPeer.handshake, nil),
    ] as [(String, String, String, String?)])
  func `nothing that was asked comes back as a page`(
    _ method: String, _ path: String, _ fields: String, _ body: String?
  ) async throws {
    try await withLab { lab in
      let answer = try lab.request(method, path, fields: fields, body: body)
      if answer["content-type"] == "text/html" {
        // libwebsockets' own refusals, which hold their status and nothing of the request.
        #expect(answer.body.contains("<h1>403</h1>"))
        #expect(!answer.body.contains("script"))
      } else {
        #expect(answer["x-content-type-options"] == "nosniff")
      }
      #expect(!answer.head.contains("script"))
    }
  }

  @Test func `a prompt of markup comes back as JSON and events alone`() async throws {
    try await withLab { lab in
      let stream = try lab.start(Question(prompt: Self.script, tokenCount: 3))
      let state = try lab.request("GET", "/streams/\(stream.stream)")
      #expect(state["content-type"] == "application/json")
      #expect(!state.body.contains("script"))
      let page = try lab.request("GET", "/streams/\(stream.stream)/poll")
      #expect(page["content-type"] == "application/json")
      let connection = try RawConnection(port: lab.port)
      try connection.send(
        "GET /chat-stream?prompt=\(Self.encoded)&tokens=1&think=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let events = RawResponse(head: try connection.receive(through: "\r\n\r\n"))
      #expect(events["content-type"] == "text/event-stream")
      #expect(events["x-content-type-options"] == "nosniff")
    }
  }
}
