import Testing

@testable import LWS

/// Where a head ends, and what need not come to its end to be refused, by literal bytes.
@Suite struct HeadScanTests {
  private func look(
    _ text: String, _ change: (inout ConnectionLimits) -> Void = { _ in }
  ) -> HeadScan.Progress {
    var limits = ConnectionLimits()
    change(&limits)
    var scan = HeadScan()
    return Array(text.utf8).withUnsafeBytes { scan.look(at: $0, limits) }
  }

  static let whole = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
    "GET / HTTP/1.1\r\nHost: a\n\r\n",
  ]

  @Test(arguments: whole, ["", "{}", "GET / HTTP/1.1\r\n\r\n", "\u{0}\n\n"])
  func `a head ends with its empty line, whatever follows`(_ head: String, _ behind: String) {
    #expect(look(head + behind) == .whole(head.utf8.count))
  }

  @Test(arguments: [
    "", "G", "GET", "GET ", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n", "\r", "GET / HTTP/1.1\r\nHost: a\r\n\r",
  ])
  func `what may yet become a head is waited for`(_ text: String) {
    #expect(look(text) == .incomplete)
  }

  @Test(arguments: [
    "\u{16}\u{3}\u{1}\u{2}", "\u{0}", " ", "{}", String(repeating: "G", count: 21), "\rG", "GET /\r\n",
    "SSH-2.0-OpenSSH_9.2\r\n", "GET\t/\tHTTP/1.1\r\n", "GET / http/1.1\r\n",
  ])
  func `what is no HTTP is refused before its end`(_ text: String) {
    #expect(look(text) == .refused(.malformed))
  }

  @Test func `a request line is judged before the fields have come`() {
    #expect(look("PRI * HTTP/2.0\r\n") == .refused(.unknownVersion))
    #expect(look("BREW /pot HTTP/1.1\r\n") == .refused(.unknownMethod))
    #expect(look("CONNECT a:1 HTTP/1.1\r\n") == .refused(.foreignTarget))
  }

  @Test func `an empty line may come first`() {
    #expect(look("\r\nGET") == .emptyLine(2))
    #expect(look("\nGET") == .emptyLine(1))
    #expect(look("\r\n\r\nGET") == .emptyLine(2))
  }

  @Test func `where the bytes are cut makes no difference`() {
    let limits = ConnectionLimits()
    for text in Self.whole + ["\r\n", "BREW / HTTP/1.1\r\n\r\n", "\rG"] {
      let bytes = Array(text.utf8)
      var scan = HeadScan()
      var progress = HeadScan.Progress.incomplete
      for count in 1...bytes.count where progress == .incomplete {
        progress = bytes[..<count].withUnsafeBytes { scan.look(at: $0, limits) }
      }
      #expect(progress == look(text) || progress == .refused(.unknownMethod), "\(text.debugDescription)")
    }
  }

  @Test func `the request line's limit is the last size that passes`() {
    let limit = { (limits: inout ConnectionLimits) in limits.requestLineBytes = 20 }
    #expect(look("GET /aaaaa HTTP/1.1\r\n\r\n", limit) == .whole(23))
    #expect(look("GET /aaaaaa HTTP/1.1\r\n\r\n", limit) == .refused(.targetTooLong))
    // Its end need not be waited for.
    #expect(look("GET /aaaaaaaaaaaaaaa", limit) == .incomplete)
    #expect(look("GET /aaaaaaaaaaaaaaaa", limit) == .refused(.targetTooLong))
  }

  @Test func `the head's limit is the last size that passes`() {
    let head = "GET / HTTP/1.1\r\nHost: \(String(repeating: "a", count: 40))\r\n\r\n"
    #expect(look(head) { $0.headBytes = head.utf8.count } == .whole(head.utf8.count))
    #expect(look(head) { $0.headBytes = head.utf8.count - 1 } == .refused(.headTooLarge))
    #expect(look(String(head.utf8.prefix(39))!) { $0.headBytes = 40 } == .incomplete)
    #expect(look(String(head.utf8.prefix(40))!) { $0.headBytes = 40 } == .refused(.headTooLarge))
  }

  @Test func `the fields' limit is the last number that passes`() {
    func progress(_ count: Int) -> HeadScan.Progress {
      look("GET / HTTP/1.1\r\n\((0..<count).map { "X\($0): a\r\n" }.joined())\r\n") { $0.headFields = 3 }
    }
    #expect(progress(3) == .whole(39))
    #expect(progress(4) == .refused(.tooManyFields))
  }
}
