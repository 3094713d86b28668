import Answers
import LabClient
import Measurement
import Readings
import Testing
import Wire

@Suite struct ManyReadersTests {
  /// More than libwebsockets has header tables for at a time (1,024 by default).
  @Test func `2,000 event streams at once all get every token`() async throws {
    try await withLab { lab in
      let question = Question.fast(tokens: 10, rate: 10, think: .seconds(2))
      let plan = lab.plan(.serverSentEvents, question)
      let readings = await withTaskGroup(of: Reading.self) { group in
        for _ in 0..<2_000 { group.addTask { await lab.reader.read(plan) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(readings.count == 2_000)
      #expect(readings.compactMap(\.failure) == [])
      #expect(readings.allSatisfy { Ledger($0.arrivals, expected: 0..<10).isClean })
    }
  }
}
