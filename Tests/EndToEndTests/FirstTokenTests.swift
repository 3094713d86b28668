import Answers
import LabClient
import Measurement
import MonotonicTime
import Readings
import Testing
import Wire

/// What a reader notes on the way to its first token, with the real server.
@Suite struct FirstTokenTests {
  @Test(arguments: Transport.allCases, [false, true])
  func `the parts of the time to first token add up to it`(_ transport: Transport, _ isWarm: Bool)
    async throws
  {
    try await withLab { lab in
      var plan = lab.plan(transport, .fast(tokens: 10))
      plan.isWarm = isWarm
      let reading = await lab.reader.read(plan)
      #expect(reading.failure == nil)
      let connect = reading.timeToConnect
      let ask = try #require(reading.timeToAsk)
      let wait = try #require(reading.timeToWait)
      #expect((connect == nil) == isWarm)
      #expect((connect ?? .zero) + ask + wait == reading.timeToFirstToken)
      #expect([connect ?? .zero, ask, wait].allSatisfy { $0 >= .zero })
      // The question took a request, and the think time lies behind its answer.
      #expect(ask > .zero)
      #expect(wait > .zero)
    }
  }

  @Test(arguments: Transport.allCases)
  func `a person waits for the first word at least, and reads the rest`(_ transport: Transport) async throws {
    try await withLab { lab in
      let reading = await lab.reader.read(lab.plan(transport, .fast(tokens: 10)))
      let share = try #require(reading.waitingShare)
      #expect(share > 0)
      #expect(share < 1)
    }
  }

  @Test func `who reads a stream that is there has asked nothing`() async throws {
    try await withLab { lab in
      let question = Question.fast(tokens: 10)
      let stream = try lab.start(question)
      let reading = await lab.reader.read(lab.plan(.longPolling, question, stream: stream))
      #expect(reading.failure == nil)
      #expect(reading.timeToConnect != nil)
      #expect(reading.answered == nil)
    }
  }
}
