import LWS
import Testing

@testable import LabServer

/// What is shown of a request's line.
@Suite struct RequestLineTests {
  private func line(_ target: String, query: [(name: String, value: String)]) -> String {
    Request(method: .get, path: "/a", query: query, target: target).lineWithoutToken
  }

  @Test func `a line is shown as it stood`() {
    #expect(line("/%61", query: []) == "GET /%61 HTTP/1.1\r\n")
    #expect(line("/a?", query: []) == "GET /a? HTTP/1.1\r\n")
    #expect(line("/a?b=%20c&&d", query: [("b", " c"), ("d", "")]) == "GET /a?b=%20c&&d HTTP/1.1\r\n")
    #expect(line("/a?b?c=token=x", query: [("b?c", "token=x")]) == "GET /a?b?c=token=x HTTP/1.1\r\n")
  }

  @Test func `an access token is not shown, however its name is written`() {
    #expect(line("/a?token=secret", query: [("token", "secret")]) == "GET /a?token=… HTTP/1.1\r\n")
    #expect(
      line(
        "/a?&b=c&tok%65n=secret&token=other", query: [("b", "c"), ("token", "secret"), ("token", "other")])
        == "GET /a?&b=c&token=…&token=… HTTP/1.1\r\n")
  }
}
