import Testing
import Wire

/// From bytes to fields: one test a rule of WHATWG HTML, sections 9.2.5 ("Parsing an event stream") and 9.2.6,
/// each read at every cut. What fields do is in `EventDispatchTests`.
@Suite struct EventStreamParserTests {
  private func data(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> [String] {
    ParsedStream(text, sourceLocation: sourceLocation).data
  }

  // The byte order mark.

  @Test func `a byte order mark at the start is dropped`() {
    #expect(data("\u{feff}data: a\n\n") == ["a"])
    #expect(data("\u{feff}: comment\ndata: a\n\n") == ["a"])
  }

  @Test func `a byte order mark may be all of the first line`() {
    #expect(data("\u{feff}\ndata: a\n\n") == ["a"])
    #expect(data("\u{feff}\r\ndata: a\r\n\r\n") == ["a"])
  }

  @Test func `a second byte order mark is not dropped`() {
    // The field's name is then not `data`.
    #expect(data("\u{feff}\u{feff}data: a\n\ndata: b\n\n") == ["b"])
  }

  @Test(arguments: ["\n", ":\n", "data: b\n\n"])
  func `a byte order mark behind the first line is not dropped`(_ before: String) {
    #expect(data("\(before)\u{feff}data: a\n\n") == data(before))
  }

  @Test func `a byte order mark in a value stays`() {
    #expect(data("data: \u{feff}a\n\n") == ["\u{feff}a"])
    #expect(data("data:\u{feff} a\n\n") == ["\u{feff} a"])
  }

  @Test(arguments: [[0xef], [0xef, 0xbb], [0xbb, 0xbf]] as [[UInt8]])
  func `a part of a byte order mark is not dropped`(_ part: [UInt8]) {
    #expect(ParsedStream(bytes: part + "data: a\n\ndata: b\n\n".utf8).data == ["b"])
  }

  // Line ends.

  @Test func `a line feed ends a line`() {
    #expect(data("data: a\ndata: b\n\ndata: c\n\n") == ["a\nb", "c"])
  }

  @Test func `a carriage return ends a line`() {
    #expect(data("data: a\rdata: b\r\rdata: c\r\r") == ["a\nb", "c"])
  }

  @Test func `carriage return and line feed are one line end, also in two reads`() {
    #expect(data("data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n") == ["a\nb", "c"])
  }

  @Test func `line feed and carriage return are two line ends`() {
    #expect(data("data: a\n\rdata: b\n\r") == ["a", "b"])
  }

  @Test func `two carriage returns are two line ends, whatever follows`() {
    #expect(data("data: a\r\r\ndata: b\n\n") == ["a", "b"])
  }

  @Test func `line ends may be mixed`() {
    #expect(data("data: a\rdata: b\r\ndata: c\n\rdata: d\n\r\n") == ["a\nb\nc", "d"])
  }

  @Test func `a carriage return dispatches without waiting for a line feed`() {
    #expect(data("data: a\r\r") == ["a"])
    #expect(data("data: a\r\n\r") == ["a"])
  }

  @Test(arguments: ["\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}", "\0"])
  func `nothing else ends a line`(_ character: String) {
    #expect(data("data: a\(character)data: b\n\n") == ["a\(character)data: b"])
  }

  // Fields.

  @Test func `a line that begins with a colon is a comment`() {
    #expect(data(": data: a\n:\n:data: b\ndata: c\n: d\n\n") == ["c"])
    #expect(data(": alone\n\n") == [])
  }

  @Test func `a comment does not end a block`() {
    #expect(data("data: a\n:\ndata: b\n\n") == ["a\nb"])
  }

  @Test func `a field without a colon has the empty value`() {
    #expect(data("data\n\n") == [""])
    #expect(data("data: a\ndata\n\n") == ["a\n"])
  }

  @Test func `only the first colon separates`() {
    #expect(data("data: a: b:\n\n") == ["a: b:"])
    #expect(data("data::a\n\n") == [":a"])
  }

  @Test func `only one leading space is removed`() {
    #expect(data("data:a\n\ndata: a\n\ndata:  a\n\n") == ["a", "a", " a"])
    #expect(data("data: \n\ndata:  \n\n") == ["", " "])
  }

  @Test func `other white space stays`() {
    #expect(data("data:\ta\n\ndata: a \n\ndata:\u{a0}a\n\n") == ["\ta", "a ", "\u{a0}a"])
  }

  @Test(arguments: ["other: a", "other", "dat: a", "dataa: a", "\0data: a", "ïd: a"])
  func `unknown fields are ignored`(_ line: String) {
    #expect(data("\(line)\n\n") == [])
    #expect(data("data: b\n\(line)\n\n") == ["b"])
  }

  @Test(arguments: ["data : a", " data: a", "\tdata: a"])
  func `a name is not trimmed`(_ line: String) {
    #expect(data("\(line)\n\n") == [])
  }

  @Test(arguments: ["Data: a", "DATA: a", "EVENT: x", "Id: 1", "RETRY: 5"])
  func `names are case-sensitive`(_ line: String) {
    let stream = ParsedStream("\(line)\n\n")
    #expect(stream == ParsedStream(""))
    #expect(ParsedStream("\(line)\ndata: b\n\n").events == [ServerSentEvent(data: "b")])
  }

  // Encoding.

  @Test func `characters of several bytes stay whole`() {
    let text = "你好 👩🏽‍💻 e\u{301}"
    #expect(data("data: \(text)\n\n").map { Array($0.utf8) } == [Array(text.utf8)])
  }

  // As the standard's decoder has it: a sequence cut short becomes one U+FFFD, every byte that can begin or go
  // on none becomes one of its own.
  @Test(
    arguments: [
      ([0xff], 1), ([0x80], 1), ([0xe4, 0xbd], 1), ([0xf0, 0x9f, 0x98], 1), ([0xc0, 0xaf], 2),
      ([0xed, 0xa0, 0x80], 3), ([0xf4, 0x90, 0x80, 0x80], 4),
    ] as [([UInt8], Int)])
  func `invalid UTF-8 becomes U+FFFD`(_ bytes: [UInt8], _ count: Int) {
    let replaced = String(repeating: "\u{fffd}", count: count)
    let end = Array("\n\n".utf8)
    #expect(ParsedStream(bytes: "data: ".utf8 + bytes + "a".utf8 + end).data == [replaced + "a"])
    // The line's end is not part of a sequence cut short.
    #expect(ParsedStream(bytes: "data: ".utf8 + bytes + end).data == [replaced])
    #expect(ParsedStream(bytes: "event: ".utf8 + bytes + "\ndata\n\n".utf8).names == [replaced])
    #expect(ParsedStream(bytes: "id: ".utf8 + bytes + end).lastEventID == replaced)
    #expect(ParsedStream(bytes: bytes + "data: a\n\n".utf8).data == [])
  }
}
