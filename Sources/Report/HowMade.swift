import Measurement
import PlainText
import Results

// What a report says of the run that it is of.
extension Report {
  /// The noise floor in words.
  var noiseText: String? {
    guard let floor = result.noiseFloor else { return nil }
    return
      "Lab overhead: readers used at most \(floor.readersProcessorShare.text(digits: 2)) of a processor; "
      + "event-loop lag at most \(floor.worstEventLoopLagMilliseconds.text(digits: 2)) ms; in the median trial "
      + "\(floor.eventLoopLagMilliseconds.text(digits: 2)) ms"
      + (floor.scheduleLatenessMilliseconds.map {
        ", and tokens generated \($0.text(digits: 3)) ms late"
      } ?? "") + "."
  }

  var environmentText: String {
    let environment = result.environment
    let processors = environment.processors
    let own =
      processors.server.isEmpty
      ? "server and readers share a processor"
      : "server on processor \(list(processors.server)), readers on \(list(processors.readers))"
    let split = result.plan.server.map { "server at \($0.onOneLine)" } ?? own
    let revision = environment.revision.map {
      "\($0.commit.prefix(10))\($0.hasChanges ? " with changes" : "")"
    }
    let facts = [
      environment.date, environment.kernel, environment.processor,
      environment.machine.isVirtual ? "virtual machine" : "no hypervisor seen", split,
      environment.isKeptAwake ? "processors kept awake" : "processors may sleep", environment.engine,
      "\(environment.build) build" + (revision.map { " of \($0)" } ?? ""),
    ]
    return facts.joined(separator: " · ")
  }

  private func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }

  /// What to type at the root of the project to run it again.
  var command: String { ".build/release/" + result.command }

  /// What it does not show, from how it was made: nobody is to read more into its numbers than was measured.
  var threats: [String] {
    [quickThreat, networkThreat, payingThreat, readersThreat, machineThreat, runsThreat, wakefulnessThreat]
      .compactMap(\.self)
  }

  private var quickThreat: String? {
    guard result.plan.isQuick else { return nil }
    return
      "It is a quick look: fewer trials, fewer readers and shorter answers than the experiment asks for. Nothing is "
      + "compared, extrapolated or decided by it."
  }

  private var networkThreat: String {
    if let server = result.plan.server {
      return
        "What was between: the server at \(server.onOneLine) was measured as it ran, over whatever leads there, with whatever "
        + "else it had to do. What it cost is not known, and delays are as sure as its clock."
    }
    let links = result.plan.conditionsOnLinks
    guard links.isEmpty else {
      return
        "No real network: server and readers talked over a link of the lab's own (\(links.joined(separator: "; "))), on which "
        + "nobody else is. Real links change from moment to moment, and have others' traffic and middleboxes on them."
    }
    return
      "No network: server and readers talked over this machine's loopback interface, which has next to no round trip, "
      + "loses nothing and is never full. Over a network each request waits for a round trip: long polling "
      + "falls behind further than here, and every first token comes later."
  }

  private var payingThreat: String? {
    let costs: [Metric] = [.serverProcessor, .readersProcessor, .bothProcessors]
    guard metrics.contains(where: costs.contains) else { return nil }
    return
      "Who pays: over loopback the kernel does the receiver's TCP work in the sender's process, so server and readers each "
      + "do some of the other's work. Compare both together, which is '\(Metric.bothProcessors.title)' "
      + "(\(Metric.bothProcessors.rawValue))."
  }

  private var readersThreat: String {
    "No browser: the readers are a program that draws nothing, and that sends shorter heads than a browser unless the "
      + "experiment says 'heads: chromium'."
  }

  private var machineThreat: String {
    let shared =
      result.environment.processors.server.isEmpty ? ", whose processor server and readers shared" : ""
    return
      "One machine, \(result.environment.processor)\(shared): another one gives other numbers.\(hostText)"
  }

  private var hostText: String {
    guard result.environment.machine.isVirtual else { return "" }
    let taken = result.environment.stealShare.map {
      ", and took \(($0 * 100).text(digits: 1)) % of its processors' time"
    }
    return " It is a virtual machine, whose host may serve other guests\(taken ?? "")."
  }

  private var runsThreat: String? {
    let runs = runCount
    guard runs > 0 else { return nil }
    guard runs == 1 else {
      return
        "\(runs) runs from \(result.environment.date) on: they do not show what changes over a longer time than they took."
    }
    return
      "One run: its intervals show how well it repeats itself. A fresh server at another hour may differ by more; --runs 6 "
      + "takes several."
  }

  private var wakefulnessThreat: String {
    result.environment.isKeptAwake
      ? "Processors were kept awake: where they may sleep, waking one is part of every delay."
      : "Processors could sleep: what waking one takes is in the numbers, and varies."
  }
}

extension RunPlan {
  /// Each condition that had a link, with what it was.
  fileprivate var conditionsOnLinks: [String] {
    var told: [String] = []
    for entry in entries {
      guard let network = entry.network else { continue }
      let words = entry.condition.isEmpty ? network.words : "\(entry.condition): \(network.words)"
      if !told.contains(words) { told.append(words) }
    }
    return told
  }
}
