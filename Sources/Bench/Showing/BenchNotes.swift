import Measurement
import PlainText
import Report
import Wire

extension BenchReport {
  /// What a table's numbers are, and what their intervals say and do not say.
  static func caption(_ estimates: [Estimate]) -> String {
    let most = estimates.map(\.count).max() ?? 0
    let trials = "\(most) trial\(most == 1 ? "" : "s") of one run"
    guard let coverage = estimates.compactMap({ $0.interval?.coverage }).min() else {
      guard most > 1 else { return "One trial each." }
      return
        "Medians of \(trials); in parentheses the least and the greatest, too few for an interval, which takes "
        + "\(Interval.fewestValues)."
    }
    // Rounded down: no more is claimed than holds.
    let share = ((coverage * 1_000).rounded(.down) / 10).text(digits: 1)
    return
      "Medians of \(trials), a fresh server each; in brackets their 95 % confidence interval (exact, \(share) %). Another "
      + "run, on another day, may differ by more."
  }

  /// How far the same code differs from itself; nothing where the floor did not take part.
  func noise(_ figure: Figure, _ shape: Load.Shape) -> [String] {
    // These the framings make differ.
    guard figure != .bytesRead else { return [] }
    let floors = Server.floor.transports.map {
      BenchResult.Subject.load(shape: shape, entry: Entry(server: .floor, transport: $0))
    }
    let differences = result.options.readers.compactMap { readers in
      ratio(figure, floors[1], floors[0], readers).map {
        "\(min(100 * $0.farthest, 1e6).text(digits: 0)) % at \(readers)"
      }
    }
    guard !differences.isEmpty else { return [] }
    return [
      "The floor's two transports, the same code, differ by up to \(differences.joined(separator: ", ")): "
        + "smaller differences are noise."
    ]
  }

  /// What lateness is the publisher's own, and what the server's.
  func publishing(_ figure: Figure, _ shape: Load.Shape) -> [String] {
    guard FigureDoubt.delays.contains(figure) else { return [] }
    return result.options.readers.compactMap { readers in
      let there = result.subjects(shape).flatMap { result.turns($0, readers: readers) }
        .compactMap { $0.result?.publishing }
      guard let late = there.map(\.worstLateness).max(), let answer = there.map(\.longestAnswer).max() else {
        return nil
      }
      return
        "Nchan at \(readers): the publisher sent a token up to \(late.text) ms late, which is the publisher's own delay; "
        + "the slowest answer came \(answer.text) ms after its token, which is Nchan's."
    }
  }

  /// What it is good for, how it is to be read, where it was made, and how to make it again.
  var footnotes: [String] {
    let options = result.options
    let load = "\(options.rate.text) tokens/s per stream, measured for \(options.seconds.text) s"
    var notes =
      isLook ? ["A quick look, too small to decide by: fewer than \(Interval.fewestValues) trials."] : []
    notes += [
      "Load: \(load); short polls every \(options.pollMilliseconds) ms. Delay is against the intended instant."
        + peculiarities,
      "lost: tokens that were not there \(Int(Delivery.grace.inSeconds)) s after the last instant, over all trials and "
        + "numbers of readers.",
      wakefulness,
      environment,
    ]
    if !unshown.isEmpty {
      notes.append("not shown, since no entry has it: \(unshown.joined(separator: "; "))")
    }
    if result.isInterrupted {
      notes.append("It was interrupted: not every entry had its turn in the last trial.")
    }
    if result.environment.build == "debug" { notes.append(Doubt.debugBuild.text) }
    if !result.versions.isEmpty { notes.append(result.versions.joined(separator: " · ")) }
    return notes + ["again: \(again)"]
  }

  /// What to type at the root of the project.
  private var again: String {
    let options = result.command.split(separator: " ").dropFirst().joined(separator: " ")
    return "make bench" + (options.isEmpty ? "" : " BENCH='\(options)'")
  }

  /// Whether it has fewer trials than an interval takes.
  var isLook: Bool { result.options.trials < Interval.fewestValues }

  /// Figures without a number, with why.
  private var unshown: [String] {
    result.options.shapes.flatMap { shape in
      Figure.ofLoads.compactMap { figure in
        let isThere = result.subjects(shape).contains { subject in
          result.turns.contains { $0.subject == subject && $0.result?.figures[figure] != nil }
        }
        return isThere ? nil : "\(shape.rawValue): \(figure.title) (\(figure.absence))"
      }
    }
  }

  /// What is to be known of those that took part.
  private var peculiarities: String {
    let python: Set<Server> = [.flask, .gunicorn, .uvicorn, .asgi]
    let hasPython = !python.isDisjoint(with: result.options.servers)
    return
      (result.options.servers.contains(.nchan)
      ? " Nchan is fed by one POST per token, which its figures include." : "")
      + (hasPython ? " Flask and uvicorn are read over an event stream only." : "")
  }

  private var wakefulness: String {
    result.environment.isKeptAwake
      ? "Processors were kept awake all the time."
      : "Processors could sleep between tokens: where tokens are few, waking up is in delays and CPU."
  }

  private var environment: String {
    let environment = result.environment
    let server = "server on processor \(list(environment.processors.server))"
    let readers = "readers on \(list(environment.processors.readers))"
    let virtual = environment.machine.isVirtual ? ", a virtual machine" : ""
    return [
      environment.date, environment.kernel, environment.processor + virtual, "\(server), \(readers)",
      "pushlab \(revision), on \(environment.engine), \(environment.build) build",
    ].joined(separator: " · ")
      + (environment.stealShare.map { " · the host took \((100 * $0).text(digits: 1)) % of the time" } ?? "")
  }

  private var revision: String {
    guard let revision = result.environment.revision else { return "of a revision that is not known" }
    return "\(revision.commit.prefix(7))\(revision.hasChanges ? " with changes" : "")"
  }

  private func list(_ numbers: [Int]) -> String {
    numbers.isEmpty ? "any" : numbers.map(String.init).joined(separator: ",")
  }
}
