import PlainText
import Readings
import Testing

@testable import LabClient

/// What stands between a reader and its server may say anything.
@Suite struct ReadErrorTextTests {
  @Test(arguments: [
    (
      "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\u{1B}]0;owned\u{7}\u{1B}[2J</body>\r\n</html>\r\n",
      "the server answered 502: <html> <head><title>502 Bad Gateway</title></head> <body> ]0;owned [2J</body> </html>"
    ),
    (#"{"error":"no\u001b[31m\n\u009b2Jnot here"}"#, "the server answered 502: no [31m 2Jnot here"),
    ("\u{2028}\u{202E}evil\u{85}", "the server answered 502: evil"),
  ])
  func `a refusal is one line that no terminal obeys`(_ body: String, _ text: String) {
    #expect("\(ReadError.refused(status: 502, body: body))" == text)
  }

  @Test func `a long refusal is quoted in brief`() {
    let bodies = [String(repeating: "表 ", count: 100_000), String(repeating: "x", count: 300_000)]
    for text in bodies.map({ "\(ReadError.refused(status: 403, body: $0))" }) {
      #expect(text.hasPrefix("the server answered 403: "))
      #expect(text.hasSuffix("…"))
      #expect((150...250).contains(text.cells))
    }
  }

  @Test func `whatever else an error quotes is one line too`() {
    let evil = "a\u{1B}[2J\nb\u{9B}"
    for error in [
      ReadError.unreachable(evil), .malformed(evil), .dismissed(words: evil), .otherAnswer(epoch: evil),
    ] {
      let isHarmless = "\(error)".unicodeScalars.allSatisfy(\.isHarmless)
      #expect(isHarmless)
      #expect("\(error)".contains("a [2J b"))
    }
  }
}
