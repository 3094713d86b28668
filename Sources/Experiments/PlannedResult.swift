import Links
import Machine
import Measurement
import MonotonicTime
import Results
import Wire

extension RunResult {
  /// The result of an experiment of which nothing is measured yet.
  /// - Parameter server: one that runs elsewhere; nil for the runs' own.
  public init(
    _ experiment: Experiment, at server: ServerAddress? = nil, command: String, environment: RunEnvironment
  ) {
    self.init(
      experiment: experiment.name, title: experiment.title, question: experiment.question,
      prediction: experiment.prediction, command: command, experimentFile: experiment.file,
      environment: environment, plan: RunPlan(experiment))
    plan.server = server.map { "\($0.scheme)://\($0.hostField)" }
  }
}

extension RunPlan {
  init(_ experiment: Experiment) {
    let other: LinkProperties? = experiment.links.isEmpty ? nil : .perfect
    let entries = experiment.entries.map { entry in
      RunPlan.Entry(
        name: entry.name, variant: entry.variant.name, transport: entry.variant.transport.name,
        condition: entry.condition.name, baseline: experiment.baseline(of: entry),
        pollIntervalSeconds: entry.variant.pollInterval.inSeconds, tokenRate: entry.condition.pacing.rate,
        tokenSize: entry.condition.tokenSize, readers: experiment.readers(under: entry.condition),
        reading: entry.variant.departures, network: entry.condition.network ?? other,
        proxy: entry.condition.proxy?.rawValue, serving: entry.condition.servingOptions)
    }
    let order = (0..<experiment.runs).flatMap { run in
      (0..<experiment.trials).map { experiment.order(.init(run: run, trial: $0)).map(\.name) }
    }
    self.init(
      seed: experiment.seed, runs: experiment.runs, trials: experiment.trials, warmUps: experiment.warmUps,
      readers: experiment.readers, tokensPerTrial: experiment.samplesPerTrial, entries: entries,
      isQuick: experiment.isQuick, order: order, metrics: experiment.metrics, scale: experiment.scale)
  }
}
