import ArgumentParser
import CommandEnding
import Machine
import Measurement
import MonotonicTime
import Report

/// The command.
@main
struct MicroCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pushlab-micro",
    abstract: "Measures the small operations that the lab performs for every token.",
    discussion: """
      Framing, parsing, the log, the due queue: time only. How many instructions and allocations each takes, and \
      what a server does for a delivery and a poll, is counted by Tests/CostTests.
      """)

  @Argument(help: "One operation; all of them if left out.")
  var operation: String?

  @Option(help: "Repeat the operation this many times, without measuring or printing anything.")
  var count: Int?

  func validate() throws {
    guard let operation else {
      if count != nil { throw ValidationError("--count needs an operation to repeat") }
      return
    }
    guard Operation.all.contains(where: { $0.name == operation }) else {
      let names = Operation.all.map(\.name).joined(separator: ", ")
      throw ValidationError("there is no operation '\(operation)'; the operations are \(names)")
    }
    guard count != nil || Operation.all.contains(where: { $0.name == operation && $0.isTimed }) else {
      throw ValidationError("'\(operation)' is not timed: give a number of repetitions with --count")
    }
    guard (count ?? 1) >= 1 else { throw ValidationError("--count takes a number from 1 on") }
  }

  static func main() { runToEnd() }

  func run() throws {
    let chosen = Operation.all.filter { operation == nil || $0.name == operation }
    if let count {
      for operation in chosen { try operation.prepare()(count) }
      return
    }
    var table = TextTable(nameWidth: 60)
    table.add(["", "ns", "asked for as"])
    for operation in chosen where operation.isTimed {
      let estimate = try Stopwatch().measure(operation)
      table.add([operation.title, "\(estimate.words)", operation.name])
    }
    let note =
      "Medians over \(Stopwatch.trials) trials of one run; in brackets where the median lies in 95 % of such runs."
    try StandardOutput.write((table.lines + ["", note]).joined(separator: "\n") + "\n")
  }
}

/// Does an operation for long enough to be seen, again and again.
struct Stopwatch {
  static let trials = 25
  /// A trial's length: long beside what reading the clock takes, short beside what the machine does meanwhile.
  private static let trial = Duration.milliseconds(10)

  /// - Returns: nanoseconds for doing it once.
  func measure(_ operation: Operation) throws -> Estimate {
    let work = try operation.prepare()
    var count = 1_000
    while try time(work, count) < Self.trial { count *= 2 }
    let values = try (0..<Self.trials).map { _ in try time(work, count).inSeconds * 1e9 / Double(count) }
    // There are trials, so there is an estimate.
    return Estimate(values)!
  }

  private func time(_ work: (Int) throws -> Void, _ count: Int) rethrows -> Duration {
    let start = Instant.now
    try work(count)
    return start.duration(to: .now)
  }
}
