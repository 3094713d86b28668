import Answers
import Foundation
import LWS
import LabClient
import Measurement
import NIOConcurrencyHelpers
import Readings
import Wire

/// The real `pushlab serve` in a process of its own, seen from outside.
struct ServedLab {
  let server: Command
  let lab: LabFixture

  init(_ arguments: [String], openFiles: Int? = nil) throws {
    let serve = [try Command.pushlab, "serve", "--port", "0"] + arguments
    if let openFiles {
      server = try Command("/bin/sh", ["-c", "ulimit -n \(openFiles); exec \"$0\" \"$@\""] + serve)
    } else {
      server = try Command(serve[0], Array(serve.dropFirst()))
    }
    lab = LabFixture(port: try server.port())
  }

  var isRunning: Bool { kill(server.processIdentifier, 0) == 0 && !status("State").hasPrefix("Z") }

  /// How many descriptors it has.
  var descriptors: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.processIdentifier)/fd").count) ?? 0
  }

  /// Resident memory in bytes.
  var residentBytes: Int { bytes("VmRSS") }

  /// The most it ever was.
  var peakResidentBytes: Int { bytes("VmHWM") }

  private func bytes(_ name: String) -> Int {
    (Int(status(name).prefix { $0.isNumber }) ?? 0) * 1_024
  }

  private func status(_ name: String) -> String {
    let path = "/proc/\(server.processIdentifier)/status"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) } ?? ""
  }

}

extension LabFixture {
  /// Reads stream after stream until told to stop; everything that was not as it should be.
  func read(_ transport: Transport, _ question: Question, while goesOn: @Sendable () -> Bool) async -> Account
  {
    var account = Account()
    let plan = plan(transport, question)
    repeat {
      let reading = await reader.read(plan)
      account.ledger = account.ledger + Ledger(reading.arrivals, expected: 0..<question.tokenCount)
      account.failures += [reading.failure].compactMap(\.self)
    } while goesOn()
    return account
  }

  struct Account: Sendable {
    var ledger = Ledger()
    var failures: [String] = []
  }
}

/// The real server, in a process of its own, as users have it.
/// - Parameter arguments: what it is told beside.
func withServer(_ arguments: [String] = [], _ body: (LabFixture) async throws -> Void) async throws {
  // Streams stay for as long as a loaded machine may take to come to them; who asks for compressed messages gets them.
  let served = try ServedLab(
    [
      "--retention", "600", "--unread-time", "600", "--max-deflated-sockets", "1000",
    ] + arguments)
  do {
    try await body(served.lab)
    await served.lab.reader.shutDown()
  } catch {
    await served.lab.reader.shutDown()
    throw error
  }
}

/// Runs blocking work on threads of its own, so many at a time, since the threads of tasks must not block.
func onThreads<Work: Sendable, Outcome: Sendable>(
  _ threads: Int, _ work: [Work], _ body: @escaping @Sendable (Work) -> Outcome
) async -> [Outcome] {
  await withCheckedContinuation { continuation in
    let queue = Queue<Work, Outcome>(work, threads) { continuation.resume(returning: $0) }
    for _ in 0..<threads {
      Thread.detachNewThread {
        while let next = queue.next() { queue.did(body(next)) }
        queue.leave()
      }
    }
  }
}

private final class Queue<Work: Sendable, Outcome: Sendable>: Sendable {
  private let state: NIOLockedValueBox<(rest: ArraySlice<Work>, outcomes: [Outcome], threads: Int)>
  private let whenDone: @Sendable ([Outcome]) -> Void

  init(_ work: [Work], _ threads: Int, _ whenDone: @escaping @Sendable ([Outcome]) -> Void) {
    state = NIOLockedValueBox((work[...], [], threads))
    self.whenDone = whenDone
  }

  func next() -> Work? { state.withLockedValue { $0.rest.popFirst() } }

  func did(_ outcome: Outcome) { state.withLockedValue { $0.outcomes.append(outcome) } }

  /// The last one out hands over.
  func leave() {
    let outcomes: [Outcome]? = state.withLockedValue {
      $0.threads -= 1
      return $0.threads == 0 ? $0.outcomes : nil
    }
    if let outcomes { whenDone(outcomes) }
  }
}
