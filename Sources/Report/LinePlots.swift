import Foundation
import Results

extension Plots {
  var staircase: Plot {
    let schedules = frame.conditions.map { RunResult.schedule(of: $0) }
    let rows = (schedules + entryNames).flatMap { entry in
      frame.line(
        entry, (result.staircases[entry] ?? []).map { ["ms": $0.milliseconds, "tokens": $0.tokens] })
    }
    let x: [String: Any] = [
      "field": "ms", "type": "quantitative", "title": "milliseconds since the stream's start",
      "scale": frame.scale("linear", "ms", rows),
    ]
    let y: [String: Any] = [
      "field": "tokens", "type": "quantitative", "title": "tokens shown",
      "scale": frame.scale("linear", "tokens", rows),
    ]
    let schedule: [String: Any] = [
      "transform": [["filter": "datum.isSchedule"]],
      "params": [["name": "zoom", "select": "interval", "bind": "scales"]],
      "mark": [
        "type": "line", "interpolate": "step-after", "strokeWidth": 7, "color": Marks.intended.colour,
        "tooltip": true,
      ],
      "encoding": ["x": x, "y": y],
    ]
    return Plot(
      name: "staircase", title: "The staircase",
      caption:
        "Tokens shown against time: one reader in the first trial, over its intended schedule. A step to the right of "
        + "the schedule is a reader who waits; a tall step is a bunch of tokens shown at once." + lossText,
      legend: [.line(Marks.intended, "intended")] + lineKeys,
      panels: frame.panels(
        "staircase", rows, height: 340,
        ["layer": [schedule] + lines(interpolate: "step-after", x: x, y: y)]))
  }

  var distribution: Plot {
    let rows = entryNames.flatMap { entry in
      // Beyond all of them lies nothing.
      let last = result.effectiveDelays(of: entry).map { 1 - 5 / Double($0) } ?? 1
      return frame.line(
        entry,
        (result.distributions[entry] ?? []).filter { $0.quantile < 1 && $0.quantile <= last }.map { point in
          ["beyond": 1 / (1 - point.quantile), "ms": max(0.001, point.milliseconds)]
        })
    }
    let x: [String: Any] = [
      "field": "beyond", "type": "quantitative", "title": "share of tokens that arrived by then",
      "scale": ["type": "log", "domainMin": 1],
      "axis": [
        "values": [2, 10, 100, 1_000, 10_000],
        "labelExpr": "format(100 * (1 - 1 / datum.value), '~g') + ' %'",
      ],
    ]
    let y: [String: Any] = [
      "field": "ms", "type": "quantitative", "title": "delay in milliseconds",
      "scale": frame.scale("log", "ms", rows),
    ]
    return Plot(
      name: "distribution", title: "The delay's distribution",
      caption:
        "How long after its intended instant a token arrived, \(pooling), up to the last quantile that five independent "
        + "samples exceed. From 90 % on, each step to the right is ten times rarer. One reader's delays are correlated, "
        + "and so are all readers' at one moment: a single stall may make up a whole tail." + lossText,
      legend: lineKeys,
      panels: frame.panels(
        "distribution", rows, height: 340, ["layer": lines(interpolate: "linear", x: x, y: y)]))
  }

  /// Which delays a distribution is of.
  private var pooling: String {
    let readers = Set(result.plan.entries.map(\.readers)).sorted().map(String.init)
    let runs = Set(result.trials.map(\.run)).count
    let trials = result.wholeTrials
    let whose = readers == ["1"] ? "the reader" : "all \(readers.joined(separator: " or ")) readers"
    let when = trials == 1 ? "the trial" : "all \(trials) trials"
    return "pooled over \(whose) in \(when)" + (runs > 1 ? " of \(runs) runs" : "")
  }
}
