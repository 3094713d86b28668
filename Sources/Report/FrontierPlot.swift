import Foundation
import Measurement
import Results

extension Plots {
  var frontier: Plot {
    let axes: [(metric: Metric, title: String, scale: String)] = [
      (.requests, "requests per token", "log"),
      (.bothProcessors, "CPU of server and readers, µs per token", "linear"),
    ]
    let panels = axes.enumerated().map { number, axis in
      frame.panel(
        number == 0 ? "frontier" : "frontier\(number + 1)", "",
        points(axis.metric, isLog: axis.scale == "log"),
        height: 320, ["layer": pointsWithIntervals(title: axis.title, scale: axis.scale)])
    }
    let variants = frame.marks.variants.map {
      Plot.Key.point(
        colour: frame.marks[$0].colour, shape: frame.hasConditions ? Marks.shapes[0] : frame.marks[$0].shape,
        $0)
    }
    let conditions = frame.conditions.enumerated().map {
      Plot.Key.point(colour: Marks.ink, shape: Marks.shapes[$0.offset % Marks.shapes.count], $0.element)
    }
    return Plot(
      name: "frontier", title: "What speed costs",
      caption:
        "Delay against requests, and against the processor time of both ends, since over loopback each does some of the "
        + "other's work. Down and to the left is better; the bars are intervals, or the range of the trials where "
        + "they are too few for one." + lossText,
      legend: variants + (frame.hasConditions ? conditions : []), panels: panels)
  }

  private func points(_ across: Metric, isLog: Bool) -> [[String: Any]] {
    entryNames.compactMap { entry in
      guard let delay = result.estimate(.delayMedian, of: entry),
        let cost = result.estimate(across, of: entry)
      else { return nil }
      // A logarithmic scale has no place for zero.
      let least = isLog ? 0.0001 : -Double.greatestFiniteMagnitude
      return frame.row(
        entry,
        [
          "delay": max(0.001, delay.median), "low": max(0.001, delay.range.lowerBound),
          "high": max(0.001, delay.range.upperBound), "cost": max(least, cost.median),
          "cheap": max(least, cost.range.lowerBound), "dear": max(least, cost.range.upperBound),
          "hasLost": result.ledger(of: entry).lost > 0,
        ])
    }
  }

  private func pointsWithIntervals(title: String, scale: String) -> [[String: Any]] {
    func across(_ field: String) -> [String: Any] {
      ["field": field, "type": "quantitative", "title": title, "scale": ["type": scale]]
    }
    func up(_ field: String) -> [String: Any] {
      [
        "field": field, "type": "quantitative", "title": "delay p50 in milliseconds",
        "scale": ["type": "log"],
      ]
    }
    return [
      [
        "mark": ["type": "rule"],
        "encoding": ["x": across("cost"), "y": up("low"), "y2": ["field": "high"], "color": frame.colour],
      ],
      [
        "mark": ["type": "rule"],
        "encoding": ["x": across("cheap"), "x2": ["field": "dear"], "y": up("delay"), "color": frame.colour],
      ],
      [
        "mark": ["type": "point", "filled": false, "strokeWidth": 2.5, "size": 110, "tooltip": true],
        "encoding": ["x": across("cost"), "y": up("delay"), "color": frame.colour, "shape": frame.shape],
      ],
    ] + crosses(x: across("cost"), y: up("delay"))
  }
}
