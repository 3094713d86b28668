import Answers
import LabClient
import Measurement
import Readings
import Testing
import Wire

/// What every transport promises, wherever the server is and whoever stands before it.
enum Contract {
  static func everyTokenComesOnce(_ variant: Variant, _ lab: LabFixture) async {
    let reading = await lab.reader.read(lab.plan(variant, .fast()))
    #expect(reading.failure == nil, "\(variant.name)")
    #expect(reading.end == .complete, "\(variant.name)")
    #expect(Ledger(reading.arrivals, expected: 0..<200).isClean, "\(variant.name)")
    #expect(reading.arrivals.map(\.index) == Array(0..<200), "\(variant.name)")
    #expect(reading.connections == 1, "\(variant.name)")
  }

  // A stream may be asked for what it has not; an answer that is yet to be begun has no such place.
  static func aStreamIsReadFromAnyIndex(_ variant: Variant, _ lab: LabFixture) async throws {
    let question = Question.fast(tokens: 40)
    let stream = try lab.start(question)
    for index in [0, 1, 17, 39, 40] + (variant.asking == .first ? [1_000] : []) {
      var plan = lab.plan(variant, question, stream: stream)
      plan.from = index
      let reading = await lab.reader.read(plan)
      #expect(reading.failure == nil, "\(variant.name) from \(index)")
      #expect(reading.end == .complete, "\(variant.name) from \(index)")
      #expect(reading.arrivals.map(\.index) == Array(min(index, 40)..<40), "\(variant.name) from \(index)")
      #expect(
        Ledger(reading.arrivals, expected: min(index, 40)..<40).isClean, "\(variant.name) from \(index)")
    }
  }

  static func aStopIsToldToWhoReads(_ transport: Transport, _ lab: LabFixture) async throws {
    let question = Question.fast(tokens: 100_000, rate: 500)
    let stream = try lab.start(question)
    var plan = lab.plan(transport, question, stream: stream)
    // From the reader's own thread: a task may wait for one until the answer has been told to its end.
    plan.onToken = { token in
      guard token.index == 5 else { return }
      let answer = try? lab.request("DELETE", "/streams/\(stream.stream)")
      #expect(answer?.status == 204)
    }
    let seen = await lab.reader.read(plan)
    #expect(seen.failure == nil, "\(transport.name)")
    #expect(seen.end == .stopped, "\(transport.name)")
    #expect(seen.arrivals.map(\.index) == Array(0..<seen.arrivals.count), "\(transport.name)")
    #expect(seen.arrivals.count < 100_000, "\(transport.name)")
  }

  static func whoAskedAtOnceCanStop(_ variant: Variant, _ stopping: Stopping, _ lab: LabFixture) async throws
  {
    guard stopping == .delete || stopping == variant.stopping else { return }
    var plan = lab.plan(variant, .fast(tokens: 100_000, rate: 500))
    plan.variant.stopping = stopping
    plan.stopAfter = 6
    let reading = await lab.reader.read(plan)
    #expect(reading.failure == nil, "\(variant.name)")
    #expect(reading.end == .stopped, "\(variant.name)")
    #expect(reading.arrivals.map(\.index) == Array(0..<reading.arrivals.count), "\(variant.name)")
    let stream = try #require(reading.stream)
    try await lab.untilMetric(#"pushlab_open_exchanges{transport="\#(variant.transport.name)"}"#, is: 0)
    #expect(try lab.request("GET", "/streams/\(stream.stream)").body.contains(#""reason":"stopped""#))
  }

  static func twoReadersSeeTheSame(_ variant: Variant, _ lab: LabFixture) async throws {
    let question = Question.fast()
    let stream = try lab.start(question)
    let plan = lab.plan(variant, question, stream: stream)
    async let first = lab.reader.read(plan)
    async let second = lab.reader.read(plan)
    for reading in await [first, second] {
      #expect(reading.end == .complete, "\(variant.name)")
      #expect(Ledger(reading.arrivals, expected: 0..<200).isClean, "\(variant.name)")
    }
  }

  /// All of it, one transport after the other.
  static func holds(_ lab: LabFixture) async throws {
    for variant in Variant.all {
      await everyTokenComesOnce(variant, lab)
      try await aStreamIsReadFromAnyIndex(variant, lab)
      try await twoReadersSeeTheSame(variant, lab)
    }
    for transport in Transport.allCases { try await aStopIsToldToWhoReads(transport, lab) }
    for variant in Variant.atOnce {
      for stopping in Stopping.allCases { try await whoAskedAtOnceCanStop(variant, stopping, lab) }
    }
  }
}
