import Foundation
import Measurement
import Testing

@Suite struct DoubtTests {
  private static let all: [Doubt] = [
    .readersBusy(share: 0.934), .serverBusy(share: 0.85), .eventLoopLag(milliseconds: 7.26),
    .scheduleLate(milliseconds: 1.5), .keepAliveLost(3), .retransmissions(2),
    .tooFewSamples(.delay99, count: 48), .clockStep(milliseconds: -12.34), .steal(share: 0.25), .debugBuild,
    .publisherLate(milliseconds: 2.04), .processorsShared(share: 0.061),
  ]

  @Test func `each says what it is and what to do`() {
    #expect(
      Self.all.map(\.text) == [
        "the readers used 93 % of a processor: use fewer readers, or more processors",
        "the server used 85 % of a processor: use fewer readers, or a lower rate",
        "the readers' event loop was up to 7.3 ms late: stop other programs on this machine",
        "the server generated tokens 1.5 ms late on average: stop other programs where it runs, or lower the rate",
        "3 connections beyond one per reader: keep-alive lost, so connection setup is included",
        "2 segments were retransmitted, because the path lost some: their delay is included",
        "delay p99 needs 500 independent samples per trial but had 48: use more readers, or longer answers",
        "the system clock was changed by -12.3 ms during a trial: run again",
        "the host took 25 % of the processors' time for other guests: run again on a quieter machine",
        "this is a debug build: run 'make build', then use .build/release/pushlab",
        "the publisher was up to 2.0 ms late with a token: stop other programs on this machine",
        "server or readers waited for a processor 6 % of the time: stop other programs on this machine",
      ])
  }

  @Test func `each touches numbers, and none that it cannot have changed`() {
    for doubt in Self.all {
      #expect(!doubt.metrics.isEmpty, "\(doubt)")
      #expect(!doubt.metrics.contains(.requests), "\(doubt)")
      #expect(!doubt.metrics.contains(.bytesDownPayload), "\(doubt)")
    }
    #expect(Doubt.tooFewSamples(.gap99, count: 1).metrics == [.gap99])
    #expect(Doubt.retransmissions(1).metrics.contains(.delayMedian))
    #expect(!Doubt.retransmissions(1).metrics.contains(.serverProcessor))
    #expect(Doubt.keepAliveLost(1).metrics.isSuperset(of: [.connections, .bytesUp, .delayMedian]))
    let stops: [Metric] = [.stopMedian, .stopWorst, .stalledUntilDropped, .outageMedian]
    #expect(Doubt.eventLoopLag(milliseconds: 9).metrics.isSuperset(of: stops))
    #expect(Doubt.processorsShared(share: 0.1).metrics.contains(.contextSwitches))
    #expect(Doubt.debugBuild.metrics.isSuperset(of: [.serverProcessor, .goodput]))
  }

  @Test func `a kind is the case, and for too few samples the metric`() {
    #expect(
      Self.all.map(\.kind) == [
        "readersBusy", "serverBusy", "eventLoopLag", "scheduleLate", "keepAliveLost", "retransmissions",
        "tooFewSamples-delay_p99_ms", "clockStep", "steal", "debugBuild",
        "publisherLate", "processorsShared",
      ])
    #expect(Doubt.readersBusy(share: 0.9).kind == Doubt.readersBusy(share: 1).kind)
  }

  @Test(
    arguments: [
      (Doubt.readersBusy(share: 0.95), .readersBusy(share: 0.85)),
      (.serverBusy(share: 0.95), .serverBusy(share: 0.85)),
      (.eventLoopLag(milliseconds: 20), .eventLoopLag(milliseconds: 6)),
      (.scheduleLate(milliseconds: 2), .scheduleLate(milliseconds: 1.5)),
      (.keepAliveLost(10), .keepAliveLost(9)), (.retransmissions(10), .retransmissions(9)),
      (.tooFewSamples(.delay99, count: 9), .tooFewSamples(.delay99, count: 10)),
      (.clockStep(milliseconds: -50), .clockStep(milliseconds: 6)), (.steal(share: 0.5), .steal(share: 0.1)),
      (.publisherLate(milliseconds: 3), .publisherLate(milliseconds: 2)),
      (.processorsShared(share: 0.2), .processorsShared(share: 0.1)),
    ] as [(Doubt, Doubt)])
  func `the worse one speaks, whichever is asked`(_ worse: Doubt, _ better: Doubt) {
    #expect(worse.worse(better) == worse)
    #expect(better.worse(worse) == worse)
  }

  @Test func `a doubt survives a file`() throws {
    let data = try JSONEncoder().encode(Self.all)
    #expect(try JSONDecoder().decode([Doubt].self, from: data) == Self.all)
  }
}
