import Testing

@testable import StreamTap

/// Odd streams that are right, and streams that are wrong.
@Suite struct EventStreamLintTests {
  private func faults(_ stream: String, pieces: Int = .max) -> [StandardFault] {
    faults(Array(stream.utf8), pieces: pieces)
  }

  private func faults(_ stream: [UInt8], pieces: Int = .max) -> [StandardFault] {
    var lint = EventStreamLint()
    var rest = stream[...]
    while !rest.isEmpty {
      lint.take(rest.prefix(pieces))
      rest = rest.dropFirst(pieces)
    }
    lint.end()
    return lint.faults
  }

  @Test(arguments: [
    "data: a\n\n", "data:a\r\rdata: b\r\n\r\n", "\u{FEFF}data: a\n\n", ": a comment\n\ndata\n\n", "\n\n\n",
    "id\ndata: a\n\n", "retry: 1000\n\n", "event: x\ndata: a\ndata: b\n\n", ":\n", "id: 7\n\n",
    "data:  two blanks\n\n",
    "data: 😀\n\n",
  ])
  func `odd and right`(_ stream: String) {
    let wanted: [StandardFault] = stream == ":\n" ? [.unfinished(bytes: 2)] : []
    #expect(faults(stream) == wanted && faults(stream, pieces: 1) == wanted)
  }

  @Test func `fields that nobody knows`() {
    #expect(
      faults("Data: a\n data: b\n{\"a\":1}\nevents: x\n\n") == [
        .unknownField(line: 1, "Data"), .unknownField(line: 2, " data"), .unknownField(line: 3, "{\"a\""),
        .unknownField(line: 4, "events"),
      ])
    #expect(faults("data: a\n\n\u{FEFF}data: b\n\n") == [.unknownField(line: 3, "\u{FEFF}data")])
  }

  @Test func `times that are none, and an id that holds a NULL`() {
    #expect(faults("retry: 1.5\nretry:\n\n") == [.retry(line: 1, "1.5"), .retry(line: 2, "")])
    #expect(faults("id: a\0b\ndata: x\n\n") == [.identifierWithNull(line: 1)])
  }

  @Test func `events that are never dispatched`() {
    #expect(faults("event: x\n\ndata: a\n\n") == [.eventWithoutData(line: 2)])
    #expect(faults("data: a\n\ndata: b\n") == [.unfinished(bytes: 8)])
    #expect(faults("data: a\n\ndata: b") == [.unfinished(bytes: 7)])
  }

  @Test func `what is no UTF-8`() {
    #expect(
      faults(Array("data: a\n".utf8) + [0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a]) == [
        .notUTF8(line: 2)
      ])
  }

  @Test func `no more is told than somebody reads`() {
    #expect(faults(String(repeating: "x\n", count: 1_000) + "\n").count == 20)
  }
}
