import Experiments
import Measurement
import PlainText
import Report

extension BenchReport {
  /// What is to be known of a figure: who is without it and why, and what makes whose doubtful.
  func notes(_ figure: Figure, _ subjects: [BenchResult.Subject]) -> [String] {
    var whom: [String: [String]] = [:]
    for subject in subjects {
      for (note, readers) in notes(figure, subject) {
        whom[note, default: []].append(
          "\(subject.name) at \(readers.map(String.init).joined(separator: ", "))")
      }
    }
    return whom.sorted { $0.value[0] < $1.value[0] }.map { note, whom in
      "\(whom.joined(separator: "; ")): \(note)"
    }
  }

  /// One entry's notes, each with the numbers of readers that it is about.
  private func notes(_ figure: Figure, _ subject: BenchResult.Subject) -> [String: [Int]] {
    var notes: [String: [Int]] = [:]
    for readers in result.options.readers {
      let results = result.turns(subject, readers: readers).compactMap(\.result)
      if !results.isEmpty, results.allSatisfy({ $0.figures[figure] == nil }) {
        notes["not had, because \(figure.absence)", default: []].append(readers)
      }
      for doubt in Self.worst(results.flatMap(\.doubts).filter { $0.figures.contains(figure) }) {
        notes[doubt.text, default: []].append(readers)
      }
    }
    return notes
  }

  /// One of each kind.
  private static func worst(_ doubts: [FigureDoubt]) -> [Doubt] {
    Dictionary(grouping: doubts.map(\.doubt), by: \.kind).values
      .compactMap { doubts in doubts.dropFirst().reduce(doubts.first) { $0?.worse($1) } }
      .sorted { $0.kind < $1.kind }
  }

  /// What went wrong, a line for each kind of it.
  var failures: [String] {
    var counts: [String: Int] = [:]
    for turn in result.turns {
      let who = "\(turn.subject.name), \(turn.readers)"
      if let failure = turn.failure { counts["\(who): a turn failed: \(failure)", default: 0] += 1 }
      for (failure, count) in turn.result?.failures ?? [:] {
        counts["\(who): \(failure)", default: 0] += count
      }
    }
    return counts.sorted { $0.key < $1.key }.map { $0.value > 1 ? "\($0.key) (\($0.value) times)" : $0.key }
  }

  /// How it is to be read, where it was made, and how to make it again.
  var footnotes: [String] {
    let count = result.trials
    let trials = "\(count) trial\(count == 1 ? "" : "s")"
    let options = result.options
    let load = "\(options.rate.text) tokens/s a stream, measured for \(options.seconds.text) s"
    let grace = Int(Delivery.grace.inSeconds)
    var notes = [
      "Medians over \(trials) of one run, with their intervals in brackets; ratios of medians with the interval of the trials' "
        + "own ratios.",
      "Load: \(load); short polls every \(options.pollMilliseconds) ms. Delay is against the intended instant. "
        + "Nchan is fed by a POST a token, which is in its figures.",
      "lost: not there \(grace) s after the last instant; such a token counts with the delay it had by then.",
      environment,
    ]
    if result.isInterrupted {
      notes.append("It was interrupted: not every entry had its turn in the last trial.")
    }
    if result.environment.build == "debug" { notes.append(Doubt.debugBuild.text) }
    if !result.versions.isEmpty { notes.append(result.versions.joined(separator: " · ")) }
    return notes + ["again: \(result.command)"]
  }

  private var environment: String {
    let environment = result.environment
    let server = "server on processor \(list(environment.processors.server))"
    let readers = "readers on \(list(environment.processors.readers))"
    return [
      environment.date, environment.kernel, environment.processor, "\(server), \(readers)",
      "pushlab on \(environment.engine), \(environment.build) build",
    ].joined(separator: " · ")
  }

  private func list(_ numbers: [Int]) -> String {
    numbers.isEmpty ? "any" : numbers.map(String.init).joined(separator: ",")
  }
}
