import Testing
import Wire

/// One test a rule of WHATWG HTML, sections 9.2.5 and 9.2.6. What concerns events as wholes is in
/// `EventDispatchTests`.
@Suite struct EventStreamParserTests {
  private var parser = EventStreamParser()

  private func data(_ text: String) -> [String] {
    var parser = EventStreamParser()
    return parser.feed(text.utf8).map(\.data)
  }

  @Test func `a byte order mark at the start is dropped`() {
    #expect(data("\u{feff}data: a\n\n") == ["a"])
    #expect(data("\u{feff}\ndata: a\n\n") == ["a"])
  }

  @Test func `a second byte order mark is not dropped`() {
    // The field's name is then not `data`.
    #expect(data("\u{feff}\u{feff}data: a\n\ndata: b\n\n") == ["b"])
    #expect(data("\n\u{feff}data: a\n\ndata: b\n\n") == ["b"])
    #expect(data("data: \u{feff}a\n\n") == ["\u{feff}a"])
  }

  @Test mutating func `a byte order mark may be cut`() {
    #expect(parser.feed([0xef]) == [])
    #expect(parser.feed([0xbb]) == [])
    #expect(parser.feed([0xbf] + "data: a\n\n".utf8).map(\.data) == ["a"])
  }

  @Test(arguments: ["\n", "\r", "\r\n"])
  func `line feed, carriage return and the two together end a line`(_ end: String) {
    let text = ["data: a", "data: b", "", "data: c", "", ""].joined(separator: end)
    #expect(data(text) == ["a\nb", "c"])
  }

  @Test func `line ends may be mixed`() {
    #expect(data("data: a\rdata: b\r\ndata: c\n\rdata: d\n\n") == ["a\nb\nc", "d"])
    // Two carriage returns are two line ends, whatever follows.
    #expect(data("data: a\r\r\ndata: b\n\n") == ["a", "b"])
  }

  @Test mutating func `carriage return and line feed in two reads are one line end`() {
    #expect(parser.feed("data: a\r".utf8) == [])
    #expect(parser.feed("\ndata: b\r".utf8) == [])
    #expect(parser.feed("\n\r".utf8).map(\.data) == ["a\nb"])
    // An empty block, not a second blank line of the one before.
    #expect(parser.feed("\ndata: c\n\n".utf8).map(\.data) == ["c"])
  }

  @Test func `a carriage return dispatches without waiting for a line feed`() {
    #expect(data("data: a\r\r") == ["a"])
  }

  @Test func `a line that begins with a colon is a comment`() {
    #expect(data(": data: a\n:\n:data: b\ndata: c\n: d\n\n") == ["c"])
    #expect(data(": alone\n\n") == [])
  }

  @Test func `data lines are joined by line feeds`() {
    #expect(data("data: a\ndata: b\ndata: c\n\n") == ["a\nb\nc"])
    #expect(data("data: a\ndata:\ndata: c\n\n") == ["a\n\nc"])
  }

  @Test func `a field without a colon has the empty value`() {
    #expect(data("data\n\n") == [""])
    #expect(data("data\ndata\n\n") == ["\n"])
    #expect(data("data: a\ndata\n\n") == ["a\n"])
  }

  @Test func `only one leading space is removed`() {
    #expect(data("data:a\n\ndata: a\n\ndata:  a\n\ndata: a \n\n") == ["a", "a", " a", "a "])
    #expect(data("data:\ta\n\n") == ["\ta"])
  }

  @Test func `only the first colon separates`() {
    #expect(data("data: a: b:\n\n") == ["a: b:"])
    #expect(data("data::a\n\n") == [":a"])
  }

  @Test(arguments: [
    "other: a", "dat: a", "dataa: a", "data : a", " data: a", "Data: a", "DATA: a", "\0data: a",
  ])
  func `unknown fields are ignored, and names are case-sensitive`(_ line: String) {
    #expect(data("\(line)\n\n") == [])
    #expect(data("data: b\n\(line)\n\n") == ["b"])
  }

  @Test func `multi-byte characters may be cut anywhere`() {
    let text = "data: 你好 👩🏽‍💻 e\u{301}\n\n"
    let bytes = Array(text.utf8)
    for cut in bytes.indices {
      var parser = EventStreamParser()
      let events = parser.feed(bytes[..<cut]) + parser.feed(bytes[cut...])
      #expect(events.map { Array($0.data.utf8) } == [Array("你好 👩🏽‍💻 e\u{301}".utf8)])
    }
  }

  @Test func `byte by byte gives the same as all at once`() {
    let text = """
      \u{feff}: hello\r\nretry: 250\r\r\nevent: token\nid: e:0\ndata: a\rdata: 你\n\ndata\n\nid\ndata:  👩🏽‍💻\r\n\r\n\
      event: x\n\nid: last\n\ndata: never
      """
    var whole = EventStreamParser()
    let atOnce = whole.feed(text.utf8)
    var piecewise = EventStreamParser()
    #expect(text.utf8.flatMap { piecewise.feed([$0]) } == atOnce)
    #expect(atOnce.map(\.data) == ["a\n你", "", " 👩🏽‍💻"])
    #expect(piecewise.lastEventID == whole.lastEventID)
    #expect(piecewise.reconnectionTime == whole.reconnectionTime)
  }

  @Test mutating func `invalid UTF-8 becomes U+FFFD`() {
    let start = Array("data: ".utf8)
    #expect(parser.feed(start + [0xff] + "a\n\n".utf8).map(\.data) == ["\u{fffd}a"])
    // The standard's decoder replaces a cut sequence as one, and an overlong one byte by byte.
    #expect(parser.feed(start + [0xe4, 0xbd] + "a\n\n".utf8).map(\.data) == ["\u{fffd}a"])
    #expect(parser.feed(start + [0xc0, 0xaf] + "\n\n".utf8).map(\.data) == ["\u{fffd}\u{fffd}"])
    #expect(parser.feed("id: ".utf8.map(\.self) + [0xff] + "\n\n".utf8) == [])
    #expect(parser.lastEventID == "\u{fffd}")
  }
}
