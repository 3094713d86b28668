import Answers
import Testing
import Wire

@Suite struct ServerSentEventTests {
  private func encode(
    name: String? = nil, id: String? = nil, retry: Duration? = nil, data: String
  ) -> String {
    String(
      decoding: ServerSentEvent.encode(name: name, id: id, retry: retry, data: Array(data.utf8)),
      as: UTF8.self)
  }

  @Test func `literal bytes of an event`() {
    #expect(encode(data: "x") == "data: x\n\n")
    #expect(
      encode(name: "done", id: "e:4", retry: .seconds(2), data: "{}")
        == "retry: 2000\nevent: done\nid: e:4\ndata: {}\n\n")
  }

  @Test func `every line of the data has its own field`() {
    #expect(encode(data: "a\nb") == "data: a\ndata: b\n\n")
    #expect(encode(data: "a\n") == "data: a\ndata: \n\n")
    #expect(encode(data: "") == "data: \n\n")
  }

  @Test func `retry counts milliseconds`() {
    #expect(encode(retry: .milliseconds(500), data: "") == "retry: 500\ndata: \n\n")
    #expect(encode(retry: .milliseconds(1_250), data: "") == "retry: 1250\ndata: \n\n")
  }

  @Test(arguments: ["", "a", "a\nb", "\n", " leading", "a\n\nb\n", "{\"token\":\"👩🏽‍💻\"}", "id: 3"])
  func `the parser reads back what is encoded`(_ data: String) {
    var parser = EventStreamParser()
    let bytes = ServerSentEvent.encode(name: "n", id: "e:1", data: Array(data.utf8))
    #expect(parser.feed(bytes) == [ServerSentEvent(name: "n", data: data, lastEventID: "e:1")])
  }

  // The framing that every token passes through is the general one's, to the byte.
  @Test(arguments: [(0, "sky"), (9, "a\n"), (10, "\"\\"), (1_234_567, "👩🏽‍💻"), (.max, "")])
  func `a token is framed as any event is`(_ index: Int, _ token: String) {
    for epoch in [Epoch(rawValue: 0), Epoch(rawValue: 0x0123_4567_89ab_cdef), Epoch(rawValue: .max)] {
      let payload = TokenPayload(index: index, token: token)
      var bytes: [UInt8] = []
      bytes.append(event: payload, start: [UInt8](startOfEventsOf: epoch))
      let id = EventID(epoch: epoch.description, index: index).description
      #expect(bytes == ServerSentEvent.encode(id: id, data: payload.json))
    }
  }

  @Test(arguments: [("0123456789abcdef", 0), ("e", 48), ("", 1), ("a:b", 2), ("e", .max)])
  func `an event ID round-trips`(_ epoch: String, _ index: Int) {
    let id = EventID(epoch: epoch, index: index)
    #expect(id.description == "\(epoch):\(index)")
    #expect(EventID(id.description) == id)
  }

  @Test(arguments: [
    "", "e", "e:", "e:x", "e:-1", "e:+1", "e: 1", "e:1 ", "e:1.0", "e:99999999999999999999", "e:1:", "e:１",
  ])
  func `a malformed event ID is none`(_ text: String) {
    #expect(EventID(text) == nil)
  }
}
