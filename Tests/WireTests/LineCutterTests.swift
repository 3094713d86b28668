import Testing
import Wire

@Suite struct LineCutterTests {
  @Test func `lines are cut wherever the bytes were`() {
    let text = Array("a\n\nbc\r\nd".utf8)
    for size in 1...text.count {
      var cutter = LineCutter()
      var lines: [String] = []
      for start in stride(from: 0, to: text.count, by: size) {
        Array(text[start..<min(start + size, text.count)]).withUnsafeBytes { bytes in
          cutter.feed(bytes) { lines.append(String(decoding: $0, as: UTF8.self)) }
        }
      }
      #expect(lines == ["a", "", "bc\r"])
      #expect(cutter.heldBytes == 1)
      cutter.end { lines.append(String(decoding: $0, as: UTF8.self)) }
      cutter.end { _ in lines.append("again") }
      #expect(lines.last == "d")
    }
  }
}
