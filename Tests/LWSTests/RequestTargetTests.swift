import Testing

@testable import LWS

/// What a request line asks for, by literal bytes.
@Suite struct RequestTargetTests {
  private func read(_ line: String) throws -> RequestLine {
    try Array(line.utf8).withUnsafeBytes { try RequestLine($0[...]) }
  }

  private func target(_ text: String) throws -> RequestTarget {
    try read("GET \(text) HTTP/1.1").target
  }

  @Test(arguments: Request.Method.allCases)
  func `every method is known`(_ method: Request.Method) throws {
    #expect(try read("\(method.rawValue) / HTTP/1.1").method == method)
  }

  @Test(arguments: [
    ("/", "/"), ("/a", "/a"), ("/a/", "/a/"), ("/a%20b", "/a b"), ("/a+b", "/a+b"), ("/a;b", "/a;b"),
    ("/%e2%82%ac", "/€"), ("/~!$&'()*+,;=:@%7e", "/~!$&'()*+,;=:@~"), ("/a%0Ab", "/a\nb"), ("//a", "//a"),
    // RFC 3986, section 5.2.4.
    ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/../b", "/b"), ("/a/..", "/"), ("/a/.", "/a/"),
    ("/a.b/.c", "/a.b/.c"),
    ("/%2e%2E/b", "/b"), ("/..%2fb", "/b"), ("/%252e%252e/b", "/%2e%2e/b"), ("/a/%cc%81b/../c", "/a/c"),
    ("/%cc%81/..%2f/b", "//b"),
    // RFC 9112, section 3.2.2.
    ("http://a", "/"), ("HTTP://a:1/b", "/b"), ("http://[::1]:2/b", "/b"), ("http://a?b", "/"),
  ])
  func `a path is decoded, and its dot segments are taken out`(_ text: String, _ path: String) throws {
    #expect(try target(text).path == path)
  }

  // WHATWG URL, section 5.1: only & separates, + is a blank, an escape is a byte.
  @Test(
    arguments: [
      ("", []), ("?", []), ("?a", [("a", "")]), ("?a=", [("a", "")]), ("?a=b=c", [("a", "b=c")]),
      ("?a=b&c=d&&e", [("a", "b"), ("c", "d"), ("e", "")]), ("?a=b;c=d", [("a", "b;c=d")]),
      ("?a+b=c+d", [("a b", "c d")]), ("?a=%2B%26%3D%0A%00", [("a", "+&=\n\u{0}")]), ("?=b", [("", "b")]),
      ("?a?=/?", [("a?", "/?")]), ("?a=%e2%82%ac", [("a", "€")]),
    ] as [(String, [(String, String)])])
  func `a query is decoded as a form is`(_ text: String, _ query: [(String, String)]) throws {
    let decoded = try target("/\(text)").query
    #expect(decoded.map(\.name) == query.map(\.0))
    #expect(decoded.map(\.value) == query.map(\.1))
  }

  @Test func `a query may have any number of parameters`() throws {
    let text = (0..<1_000).map { "a\($0)=\($0)" }.joined(separator: "&")
    #expect(try target("/?\(text)").query.count == 1_000)
  }

  @Test func `an asterisk is for OPTIONS alone`() throws {
    #expect(try read("OPTIONS * HTTP/1.1").target.path == "*")
    #expect(throws: RequestProblem.foreignTarget) { try target("*") }
  }

  @Test(arguments: [
    // RFC 9112, section 3: method, target, version, one blank each.
    ("GET", RequestProblem.malformed), ("GET /", .malformed), ("GET  / HTTP/1.1", .malformed),
    ("GET / HTTP/1.1 ", .malformed), ("GET /a b HTTP/1.1", .malformed), ("GET / http/1.1", .malformed),
    ("GET / FTP/1.1", .malformed), ("GET / HTTP/11", .malformed), ("GET / HTTP/1.x", .malformed),
    ("GET / HTTP/1.10", .malformed), (" GET / HTTP/1.1", .malformed), ("GET / HTTP/1.1\r", .malformed),
    ("GET / HTTP/0.9", .unknownVersion), ("GET / HTTP/3.0", .unknownVersion),
    ("PRI * HTTP/2.0", .unknownVersion),
    ("BREW / HTTP/1.1", .unknownMethod), ("get / HTTP/1.1", .unknownMethod),
    ("TRACE / HTTP/1.1", .unknownMethod),
    ("CONNECT a:1 HTTP/1.1", .foreignTarget), ("GET ?a HTTP/1.1", .foreignTarget),
    ("GET a HTTP/1.1", .foreignTarget),
    ("GET ftp://a/b HTTP/1.1", .foreignTarget), ("GET https://a/b HTTP/1.1", .foreignTarget),
    ("GET http:/a HTTP/1.1", .foreignTarget),
    ("GET http:///b HTTP/1.1", .malformed), ("GET http://b@a/ HTTP/1.1", .malformed),
    // RFC 3986, section 2.1.
    ("GET /% HTTP/1.1", .malformed), ("GET /%4 HTTP/1.1", .malformed), ("GET /%4g HTTP/1.1", .malformed),
    ("GET /%%41 HTTP/1.1", .malformed), ("GET /?%zz HTTP/1.1", .malformed),
    ("GET /\u{7f} HTTP/1.1", .malformed),
    ("GET /\u{1} HTTP/1.1", .malformed), ("GET /é HTTP/1.1", .malformed), ("GET /a#b HTTP/1.1", .malformed),
    // Not UTF-8 when decoded.
    ("GET /%ff HTTP/1.1", .malformed), ("GET /?a=%c3%28 HTTP/1.1", .malformed),
  ])
  func `a line that is none is refused for what it is`(_ line: String, _ problem: RequestProblem) {
    #expect(throws: problem) { try read(line) }
  }
}
