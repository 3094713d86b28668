import Readings
import Testing
import Wire

@testable import LabClient

@Suite struct ReadErrorTests {
  private func meaning(_ error: ReadError, _ transport: Transport = .longPolling) -> ReadError.Meaning {
    error.meaning(reading: transport, isAsking: false)
  }

  private func refused(_ status: Int, after: Duration? = nil) -> ReadError {
    .refused(status: status, body: "", retryAfter: after)
  }

  @Test(arguments: Transport.allCases)
  func `what is lost on the way may come back`(_ transport: Transport) {
    for error in [ReadError.connectionLost, .unreachable("no"), .silent(.seconds(1))] {
      #expect(meaning(error, transport) == .passing)
      #expect(error.meaning(reading: transport, isAsking: true) == .passing)
    }
    for error in [ReadError.malformed("?"), .timedOut, .otherAnswer(epoch: "e"), refused(400)] {
      #expect(meaning(error, transport) == .final)
    }
  }

  @Test(arguments: Transport.allCases)
  func `an unknown stream and another epoch are told apart`(_ transport: Transport) {
    #expect(meaning(refused(404), transport) == .streamUnknown)
    #expect(meaning(refused(204), transport) == .streamUnknown)
    #expect(meaning(refused(409), transport) == .otherEpoch)
    #expect(refused(409).meaning(reading: transport, isAsking: true) == .otherEpoch)
    #expect(refused(404).meaning(reading: transport, isAsking: true) == .final)
  }

  // WHATWG HTML, section 9.2.3: any status but 200 ends an EventSource; the lab's obeys Retry-After beside that.
  @Test func `an event stream comes back from a status only where it was told when`() {
    for status in [500, 502, 504] {
      #expect(meaning(refused(status)) == .passing)
      #expect(meaning(refused(status), .serverSentEvents) == .final)
      #expect(refused(status).meaning(reading: .serverSentEvents, isAsking: true) == .passing)
    }
    for status in [429, 503] {
      #expect(meaning(refused(status)) == .passing)
      #expect(meaning(refused(status), .serverSentEvents) == .final)
      #expect(meaning(refused(status, after: .seconds(1)), .serverSentEvents) == .passing)
    }
  }

  @Test(
    arguments: [
      (4404, .streamUnknown), (4409, .otherEpoch), (1000, .passing), (1001, .passing), (1012, .passing),
      (1013, .passing), (nil, .passing), (1002, .final), (1008, .final), (1009, .final),
    ] as [(Int?, ReadError.Meaning)])
  func `a close code says whether to come back`(_ code: Int?, _ expected: ReadError.Meaning) {
    #expect(meaning(.closed(code: code), .webSocket) == expected)
  }

  @Test func `an event stream's head is looked at`() throws {
    let good =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(try ReceivedHead(good.utf8).error(unless: "text/event-stream") == nil)
    for (change, by) in [("200 OK", "500 No"), ("text/event-stream", "text/html")] {
      #expect(
        try ReceivedHead(good.replacing(change, with: by).utf8).error(unless: "text/event-stream") != nil)
    }
    #expect(throws: MalformedResponse.self) {
      try ReceivedHead(good.replacing("chunked", with: "identity").utf8).body
    }
    let full = try ReceivedHead("HTTP/1.1 503 Full\r\nretry-after: 4\r\n\r\n".utf8).error(
      unless: "text/event-stream")
    guard case .refused(503, "Full", .seconds(4)?)? = full else {
      Issue.record("\(String(describing: full))")
      return
    }
  }
}
