import Answers
import Experiments
import FuzzSupport
import Results

/// The experiment file: it is refused in one line that begins with its name, or gives an experiment that can run.
@main struct ExperimentFiles {
  static func main() {
    Fuzzer.run { input in
      guard let yaml = String(validating: input, as: UTF8.self) else { return }
      do {
        check(try Experiment(name: "fuzzed", yaml: yaml, file: "x.yml"))
      } catch let error as ExperimentError {
        requireOneLine(error.description)
        require(error.description.hasPrefix("x.yml:"), "a mistake without its file: \(error)")
      } catch {
        fatalError("not an ExperimentError: \(error)")
      }
    }
  }

  private static func check(_ experiment: Experiment) {
    let entries = experiment.entries
    require(!entries.isEmpty && !experiment.metrics.isEmpty, "nothing to measure")
    require(Set(entries.map(\.name)).count == entries.count, "two entries of one name")
    let place = TrialPlace(trial: experiment.trials)
    for entry in entries {
      requireOneLine(entry.name)
      require(entries.contains { $0.name == experiment.baseline(of: entry) }, "\(entry.name) has no baseline")
      var schedule = Schedule(experiment.question(place, reader: 0, entry.condition))
      require(schedule.next() == entry.condition.pacing.think, "no schedule")
    }
    require(Set(experiment.order(place)) == Set(entries), "an order of other entries")
    require(experiment.quick.entries.count == entries.count, "quick has other entries")
    require(experiment.samplesPerTrial > 0 && experiment.tokensPerSecond > 0, "no samples")
  }
}
