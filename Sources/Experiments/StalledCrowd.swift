import Answers
import LabClient
import Machine
import MonotonicTime
import Readings
import Results
import Wire

/// Readers that stand beside those that are measured, have asked for more than the kernel holds, and read
/// nothing.
struct StalledCrowd {
  private let readers: StalledReaders
  private let server: MeasuredServer
  private let reader: Reader
  private let connectionsBefore: Double
  /// When all of them had asked.
  private let stalled: Instant

  /// One long answer that all of them ask for: how it came to be is not what is measured.
  private static let question = Question(
    prompt: "Too much to hold", tokenCount: 200, tokenSize: 1_000,
    pacing: Pacing(think: .zero, rate: 10_000, jitter: 0))
  private static let patience = Duration.seconds(120)

  /// - Returns: nil where there is nobody to gather.
  init?(
    _ count: Int, over entry: Experiment.Entry, _ server: MeasuredServer, at address: ServerAddress,
    _ reader: Reader
  ) async throws {
    guard count > 0 else { return nil }
    self.server = server
    self.reader = reader
    let stream = try await reader.ask(Self.question, of: server.address)
    connectionsBefore = await Self.connections(server, reader)
    readers = try await reader.stall(count, of: stream, over: entry.variant.transport, from: address)
    let arrived = connectionsBefore + Double(count)
    do {
      try await Self.wait(orSay: "they did not all connect in time") {
        await Self.connections(server, reader) >= arrived
      }
    } catch {
      await readers.leave()
      throw error
    }
    stalled = .now
  }

  func leave() async { await readers.leave() }

  /// Waits until the server has let the last of them go.
  /// - Returns: how long that took since they stalled; nil if it did not come to that.
  func untilDropped() async -> Duration? {
    let isOver: Void? = try? await Self.wait(orSay: "they were not disconnected in time") {
      await Self.connections(server, reader) <= connectionsBefore
    }
    let end = Instant.now
    await leave()
    return isOver == nil ? nil : stalled.duration(to: end)
  }

  /// Those that ask are connected too.
  private static func connections(_ server: MeasuredServer, _ reader: Reader) async -> Double {
    let text = (try? await reader.get("/metrics", from: server.address)) ?? ""
    return metric("pushlab_connections", in: text) ?? 0
  }

  private static func wait(orSay failure: String, until isSo: () async -> Bool) async throws {
    let end = Instant.now.advanced(by: patience)
    while await !isSo() {
      guard Instant.now < end else { throw ExperimentError(failure) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
