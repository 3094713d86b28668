import Answers
import Foundation
import Testing
import Wire

/// Readers come and go for a long time, and nothing of them stays: `make soak`.
@Suite(.enabled(if: Soak.seconds != nil, "make soak runs it"))
struct SoakTests {
  private static let threads = 24

  /// What is compared: the process at rest, every stream expired and every connection gone, before and after. A
  /// warm-up of the same kind comes before the first look, since code, tables and the allocator's free lists are
  /// to be there; what the allocator has freed and keeps counts on both sides. What is left is what readers leave.
  @Test func `readers that come and go leave nothing behind`() async throws {
    let served = try ServedLab(["--retention", "5", "--request-time", "1", "--max-message-bytes", "4096"])
    let hushed = try served.lab.start(.silent).stream
    var generator = SeededGenerator(seed: Soak.seed)
    func round(_ seconds: Double) async throws -> Rest {
      try await visit(served, hushed, seconds, &generator)
      return try await Rest(served)
    }
    _ = try await round(Soak.warmUp)
    var rests = [try await round(Soak.warmUp)]
    let pieces = 6
    for _ in 0..<pieces { rests.append(try await round(Double(Soak.seconds ?? 60) / Double(pieces))) }
    for (number, rest) in rests.enumerated() { print("soak: \(number): \(rest)") }
    let (first, last) = (rests[0], rests[pieces])
    #expect(last.descriptors == first.descriptors)
    #expect(Double(last.residentBytes) < 1.05 * Double(first.residentBytes))
    #expect(served.isRunning)
    await served.lab.reader.shutDown()
  }

  private func visit(
    _ served: ServedLab, _ hushed: String, _ seconds: Double, _ generator: inout SeededGenerator
  ) async throws {
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    let lab = served.lab
    // None that starts a stream which outlasts the soak.
    let bad = BadRequestTable.all.filter { !$0.isSlow && $0.answer != .status(201) }
    let seeds = (0..<Self.threads).map { _ in generator.next() }
    let troubles = await onThreads(Self.threads, seeds) { seed -> [String] in
      var generator = SeededGenerator(seed: seed)
      var troubles: [String] = []
      while ContinuousClock.now < end, troubles.count < 3 {
        do {
          if generator.next().isMultiple(of: 8) {
            let request = bad.randomElement(using: &generator)!
            let answer = try request.happens(port: lab.port, stream: hushed)
            if answer != request.answer { troubles.append("\(request.name): \(answer)") }
          } else {
            try Visit(using: &generator).happen(lab)
          }
        } catch {
          troubles.append("\(error)")
        }
      }
      return troubles
    }
    #expect(troubles.flatMap(\.self) == [])
  }
}

/// A server at rest.
private struct Rest: CustomStringConvertible {
  var descriptors: Int
  var residentBytes: Int
  var requests: Int

  /// Waits until nothing is held but the one stream that never speaks.
  init(_ served: ServedLab) async throws {
    try await served.lab.untilMetric("pushlab_streams", is: 1)
    try await served.lab.untilMetric("pushlab_connections", is: 1)
    // The connection that asked just now may not be gone.
    var counts: [Int] = []
    for _ in 0..<20 {
      counts.append(served.descriptors)
      try await Task.sleep(for: .milliseconds(10))
    }
    descriptors = counts.min() ?? 0
    residentBytes = served.residentBytes
    requests = try served.lab.metric("pushlab_streams_started_total")
  }

  var description: String {
    "\(descriptors) descriptors, \(residentBytes / 1_024) KiB resident, \(requests) streams so far"
  }
}

/// How long and from what: the environment says.
enum Soak {
  static var seconds: Int? { ProcessInfo.processInfo.environment["SOAK_SECONDS"].flatMap { Int($0) } }
  static let seed: UInt64 = 11
  static let warmUp = 5.0
}
