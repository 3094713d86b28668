import Testing

@testable import LWS

/// The judgement of a connection's first bytes, by literal bytes.
@Suite struct HeadCheckTests {
  private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

  private func check(_ change: (inout ConnectionLimits) -> Void = { _ in }) -> HeadCheck {
    var limits = ConnectionLimits()
    change(&limits)
    return HeadCheck(limits: limits, unreadableNames: unreadableFieldNames())
  }

  private func judge(_ bytes: [UInt8], _ check: HeadCheck) -> HeadCheck.Verdict {
    bytes.withUnsafeBytes { check.judge($0) }
  }

  private func judge(_ text: String) -> HeadCheck.Verdict {
    judge(Array(text.utf8), check())
  }

  static let whole = [
    get, "GET / HTTP/1.0\r\n\r\n", "GET /a?b=c%20d HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /streams HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", get + get, get + "\u{0}\u{1}",
    "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Tab:\tb\tc\r\n\r\n", "GET / HTTP/1.1\r\nHost:a\r\n\r\n",
    "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
    "GET /~!$&'()*+,;=:@%7e HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nUnicode: é\r\n\r\n", "GET / HTTP/1.1\r\n!#$%&'*+-.^_`|~9: a\r\n\r\n",
    "GET / HTTP/1.1\r\nAccept: a\r\naccept-encoding: b\r\n\r\n",
  ]

  @Test func `a head in order is whole, whatever follows`() {
    for text in Self.whole { #expect(judge(text) == .whole, "\(text.debugDescription)") }
  }

  @Test(arguments: Request.Method.allCases)
  func `every method that libwebsockets reads is known`(_ method: Request.Method) {
    #expect(judge("\(method.rawValue) / HTTP/1.1\r\nHost: a\r\n\r\n") == .whole)
  }

  static let refused: [(text: String, problem: RequestProblem)] = [
    // No request line at all, and seen to be none before its end.
    ("\u{16}\u{3}\u{1}\u{2}", .malformed), ("\u{0}", .malformed), (" ", .malformed), ("{}", .malformed),
    (String(repeating: "G", count: 21), .malformed), ("\rG", .malformed), ("\n", .malformed),
    // RFC 9112, section 3: method, target, version, one space each.
    ("GET\r\n", .malformed), ("GET /\r\n", .malformed), ("GET  / HTTP/1.1\r\n", .malformed),
    ("GET / HTTP/1.1 \r\n", .malformed), ("GET /a b HTTP/1.1\r\n", .malformed),
    ("GET / http/1.1\r\n", .malformed),
    ("GET\t/\tHTTP/1.1\r\n", .malformed), ("GET / FTP/1.1\r\n", .malformed),
    ("GET / HTTP/1.1\r\r\n", .unknownVersion),
    ("GET / HTTP/1.2\r\n", .unknownVersion), ("GET / HTTP/0.9\r\n", .unknownVersion),
    ("GET / HTTP/3.0\r\n", .unknownVersion), ("PRI * HTTP/2.0\r\n", .unknownVersion),
    ("BREW / HTTP/1.1\r\n", .unknownMethod), ("get / HTTP/1.1\r\n", .unknownMethod),
    ("GET * HTTP/1.1\r\n", .foreignTarget), ("GET http://a/ HTTP/1.1\r\n", .foreignTarget),
    ("CONNECT a:1 HTTP/1.1\r\n", .foreignTarget), ("GET ?a HTTP/1.1\r\n", .foreignTarget),
    // RFC 3986, section 2.1.
    ("GET /% HTTP/1.1\r\n", .malformed), ("GET /%4 HTTP/1.1\r\n", .malformed),
    ("GET /%4g HTTP/1.1\r\n", .malformed),
    ("GET /%%41 HTTP/1.1\r\n", .malformed), ("GET /%00 HTTP/1.1\r\n", .malformed),
    ("GET /\u{7f} HTTP/1.1\r\n", .malformed), ("GET /\u{1} HTTP/1.1\r\n", .malformed),
    ("GET /é HTTP/1.1\r\n", .malformed),
    // RFC 9112, section 5.
    ("GET / HTTP/1.1\r\nHost\r\n", .malformed), ("GET / HTTP/1.1\r\n: a\r\n", .malformed),
    ("GET / HTTP/1.1\r\nHost : a\r\n", .malformed), ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n", .malformed),
    ("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n", .malformed), ("GET / HTTP/1.1\r\nHost: a\u{0}b\r\n", .malformed),
    ("GET / HTTP/1.1\r\nHost: a\rb\r\n", .malformed), ("GET / HTTP/1.1\r\nHost: a\u{7f}\r\n", .malformed),
    ("GET / HTTP/1.1\r\nHo(st: a\r\n", .malformed), ("GET / HTTP/1.1\r\nHö: a\r\n", .malformed),
    // Beginnings of Accept, of Host, of Sec-WebSocket-Key.
    ("GET / HTTP/1.1\r\nA: b\r\n", .unreadableField), ("GET / HTTP/1.1\r\nHos: b\r\n", .unreadableField),
    ("GET / HTTP/1.1\r\nSEC-WEBSOCKET-KE: b\r\n", .unreadableField),
  ]

  @Test func `what is not in order is refused for what it is, as soon as its line is there`() {
    for (text, problem) in Self.refused {
      #expect(judge(text) == .refused(problem), "\(text.debugDescription)")
      #expect(judge(text + "\r\n") == .refused(problem), "\(text.debugDescription)")
    }
  }

  @Test(arguments: [
    "", "G", "GET", "GET ", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n", "\r", "GET / HTTP/1.1\r\nHost: a\r\n\r",
  ])
  func `what may yet become a head is waited for`(_ text: String) {
    #expect(judge(text) == .incomplete)
  }

  // Never another answer for bytes that come in two pieces, but for the same refusal sooner.
  @Test func `where the bytes are cut makes no difference`() {
    let check = check()
    for text in Self.whole + Self.refused.map(\.text) {
      let bytes = Array((text + "\r\n").utf8)
      let final = judge(bytes, check)
      for count in 0..<bytes.count {
        let early = judge(Array(bytes[..<count]), check)
        #expect(early == .incomplete || early == final, "after \(count) bytes of \(text.debugDescription)")
      }
    }
  }

  @Test func `an empty line may come first, and no more than that`() {
    func count(_ text: String) -> Int { Array(text.utf8).withUnsafeBytes { HeadCheck.emptyLine($0) } }
    #expect(["\r\nGET", "\nGET", "\r\n", "\n"].map(count) == [2, 1, 2, 1])
    #expect(["", "\r", "\rG", "GET\r\n", " \r\n"].map(count) == [0, 0, 0, 0, 0])
  }

  @Test func `the request line's limit is the last size that passes`() {
    let check = check { $0.requestLineBytes = 20 }
    func verdict(_ count: Int) -> HeadCheck.Verdict {
      let target = "/" + String(repeating: "a", count: count - "GET / HTTP/1.1\r".utf8.count)
      return judge(Array("GET \(target) HTTP/1.1\r\n\r\n".utf8), check)
    }
    #expect(verdict(20) == .whole)
    #expect(verdict(21) == .refused(.targetTooLong))
    // Its end need not be waited for.
    #expect(judge(Array("GET /aaaaaaaaaaaaaaa".utf8), check) == .incomplete)
    #expect(judge(Array("GET /aaaaaaaaaaaaaaaa".utf8), check) == .refused(.targetTooLong))
  }

  @Test func `the head's limit is the last size that passes`() {
    let head = "GET / HTTP/1.1\r\nHost: \(String(repeating: "a", count: 40))\r\n\r\n"
    for (limit, verdict) in [
      (head.utf8.count, HeadCheck.Verdict.whole), (head.utf8.count - 1, .refused(.headTooLarge)),
    ] {
      #expect(judge(Array(head.utf8), check { $0.headBytes = limit }) == verdict)
    }
    // Looked at through a buffer of the limit's size, a head that does not end there is too large.
    let check = check { $0.headBytes = 40 }
    #expect(judge(Array(head.utf8.prefix(39)), check) == .incomplete)
    #expect(judge(Array(head.utf8.prefix(40)), check) == .refused(.headTooLarge))
  }

  @Test func `the fields' limit is the last number that passes`() {
    let check = check { $0.headFields = 3 }
    func verdict(_ count: Int) -> HeadCheck.Verdict {
      let fields = (0..<count).map { "X\($0): a\r\n" }.joined()
      return judge(Array("GET / HTTP/1.1\r\n\(fields)\r\n".utf8), check)
    }
    #expect(verdict(3) == .whole)
    #expect(verdict(4) == .refused(.tooManyFields))
  }

  @Test func `names that begin a known one are unreadable, the known ones are not`() {
    let names = unreadableFieldNames()
    #expect(names.contains(Array("a".utf8)))
    #expect(names.contains(Array("content-lengt".utf8)))
    #expect(!names.contains(Array("accept".utf8)))
    #expect(!names.contains(Array("content-length".utf8)))
    // A known name that also begins another.
    #expect(!names.contains(Array("te".utf8)))
    #expect(!names.contains([]))
  }
}
