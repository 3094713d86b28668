import Foundation
import Testing
import Wire

@Suite struct TokenPayloadTests {
  private func json(_ token: String, index: Int = 0) -> String {
    String(decoding: TokenPayload(index: index, token: token).json, as: UTF8.self)
  }

  @Test func `literal bytes of a token`() {
    #expect(json(" sky", index: 12) == #"{"index":12,"token":" sky"}"#)
    #expect(json("") == #"{"index":0,"token":""}"#)
  }

  @Test(arguments: [
    ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\r", #"\r"#), ("\t", #"\t"#), ("\r\n", #"\r\n"#),
    ("\0", #"\u0000"#), ("\u{8}", #"\u0008"#), ("\u{b}", #"\u000b"#), ("\u{c}", #"\u000c"#),
    ("\u{1b}", #"\u001b"#), ("\u{1f}", #"\u001f"#),
  ])
  func `what JSON cannot hold is escaped`(_ text: String, _ escaped: String) {
    #expect(json(text) == #"{"index":0,"token":""# + escaped + #""}"#)
  }

  // Compared as bytes: Swift's strings are equal across normal forms.
  @Test(arguments: ["👩🏽‍💻", "你好", "e\u{301}", "\u{7f}", "\u{2028}", "/", "<b>&amp;", "\u{feff}"])
  func `all else stays as it is`(_ text: String) {
    let bytes = Array((#"{"index":0,"token":""# + text + #""}"#).utf8)
    #expect(TokenPayload(index: 0, token: text).json == bytes)
  }

  @Test func `a JSON parser reads back every token of ASCII`() throws {
    let text = String(decoding: 0..<0x80 as Range<UInt8>, as: UTF8.self)
    let payload = TokenPayload(index: 7, token: text)
    #expect(try JSONDecoder().decode(TokenPayload.self, from: Data(payload.json)) == payload)
    #expect(!payload.json.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
  }
}
