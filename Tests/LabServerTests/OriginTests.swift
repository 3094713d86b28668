import Testing

@testable import LabServer

@Suite struct OriginTests {
  @Test(arguments: [
    ("https://app.example", "https://app.example"), ("https://app.example:443", "https://app.example"),
    ("http://app.example:80", "http://app.example"), ("http://app.example:443", "http://app.example:443"),
    ("HTTPS://App.Example:8443", "https://app.example:8443"), ("http://[::1]:3000", "http://[::1]:3000"),
    ("http://127.0.0.1:3000", "http://127.0.0.1:3000"), ("tauri://localhost", "tauri://localhost"),
    ("chrome-extension://abcdefgh", "chrome-extension://abcdefgh"), ("http://my_app", "http://my_app"),
  ])
  func `an origin has one spelling`(_ text: String, _ spelling: String) {
    #expect(Origin(text)?.description == spelling)
  }

  @Test(arguments: [
    "", "null", "*", "app.example", "https://", "https:app.example", "://app.example", "https://*",
    "https://*.example", "https://app.example/", "https://app.example/path", "https://app.example?x",
    "https://user@app.example", "https://app.example:0x50", "https://app.example:65536",
    "https://app.example:-1",
    "https://app example", "https://app.example\r\nset-cookie: a=b", "https://app.example\n",
    "https://app.example\0",
    "https://äpp.example", "1https://app.example", "https ://app.example",
    "https://app.example,https://b.example",
    "https://a.example https://b.example", "file://", "https://[::1", "https://<script>",
  ])
  func `anything else is none`(_ text: String) {
    #expect(Origin(text) == nil)
    #expect(throws: AccessMistake.origin(text)) {
      try Access(listeningOn: "127.0.0.1", token: nil, origins: [text])
    }
  }

  @Test func `a page's own server is its host and port over HTTP or HTTPS`() throws {
    func isOwn(_ origin: String, _ host: String) throws -> Bool {
      try #require(Origin(origin)).isServed(by: try #require(Authority(host)))
    }
    #expect(try isOwn("http://localhost:8080", "localhost:8080"))
    #expect(try isOwn("http://localhost:8080", "LOCALHOST:8080"))
    #expect(try isOwn("https://lab.example", "lab.example"))
    #expect(try isOwn("https://lab.example", "lab.example:443"))
    #expect(try isOwn("http://lab.example", "lab.example:80"))
    #expect(try isOwn("http://[::1]:1", "[::1]:1"))
    #expect(try !isOwn("http://localhost:8080", "localhost:8081"))
    #expect(try !isOwn("http://localhost:8080", "localhost"))
    #expect(try !isOwn("http://localhost:8080", "127.0.0.1:8080"))
    #expect(try !isOwn("https://lab.example", "lab.example:80"))
    #expect(try !isOwn("ftp://lab.example", "lab.example"))
    #expect(try !isOwn("http://evil.lab.example", "lab.example"))
  }

  @Test(arguments: [
    "", "lab.example:80", "http://lab.example", "lab example", "lab.example/", "*", "a,b", "[::1",
  ])
  func `a host to allow is a name and nothing else`(_ text: String) {
    #expect(throws: AccessMistake.host(text)) {
      try Access(listeningOn: "127.0.0.1", token: nil, hosts: [text])
    }
  }
}
