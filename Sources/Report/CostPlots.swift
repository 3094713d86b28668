import Experiments
import Foundation
import Measurement

extension Plots {
  private var kinds: [(name: String, metric: Metric, opacity: Double)] {
    [
      ("payload", .bytesDownPayload, 1), ("framing", .bytesDownFraming, 0.65),
      ("heads of answers", .bytesDownHeads, 0.4), ("requests", .bytesUp, 0.2),
    ]
  }

  var bytes: Plot {
    let rows = result.plan.entries.flatMap { entry in
      let total = total(of: entry.name)
      return kinds.enumerated().compactMap { place, kind -> [String: Any]? in
        guard let bytes = result.estimate(kind.metric, of: entry.name) else { return nil }
        var row = frame.row(
          entry.name, ["kind": kind.name, "place": place, "bytes": bytes.median])
        // The first bar of a row carries its name and its interval.
        guard place == 0 else { return row }
        row["total"] = total?.median
        row["label"] = entry.variant + (total.map { ": \($0.median.text)" } ?? "")
        row["low"] = total?.interval?.low
        row["high"] = total?.interval?.high
        return row
      }
    }
    let y: [String: Any] = [
      "field": "variant", "type": "nominal", "sort": frame.marks.variants, "axis": NSNull(),
      "scale": ["domain": frame.marks.variants],
    ]
    return Plot(
      name: "bytes", title: "Bytes a token, by kind",
      caption:
        "TCP payload as the kernel counted it: the token's JSON, which is the same everywhere, and what each transport "
        + "adds to it in both directions. The number is the sum's median, and the line its interval where there is one.",
      legend: kinds.map { .area(opacity: $0.opacity, $0.name) },
      panels: frame.panels(
        "bytes", rows, height: 46 * frame.marks.variants.count,
        ["layer": bars(y: y, scale: frame.scale("linear", "total", rows))]))
  }

  /// What a token costs in both directions.
  private func total(of entry: String) -> Estimate? {
    let runs = zip(result.values(.bytesDown, of: entry), result.values(.bytesUp, of: entry)).map { down, up in
      zip(down, up).map(+).filter(\.isFinite)
    }
    return Estimate(runs: runs)
  }

  private func bars(y: [String: Any], scale: [String: Any]) -> [[String: Any]] {
    let x: [String: Any] = [
      "field": "bytes", "type": "quantitative", "stack": true, "title": "bytes a token", "scale": scale,
    ]
    return [
      [
        "mark": ["type": "bar", "height": 15, "yOffset": 8, "tooltip": true],
        "encoding": [
          "x": x, "y": y, "color": frame.colour, "order": ["field": "place"],
          "opacity": frame.scaled("kind", domain: kinds.map(\.name), kinds.map(\.opacity)),
        ],
      ],
      [
        "transform": [["filter": "isValid(datum.low)"]],
        "mark": ["type": "rule", "strokeWidth": 2, "color": Marks.ink, "yOffset": 8],
        "encoding": [
          "x": ["field": "low", "type": "quantitative", "title": "bytes a token"], "x2": ["field": "high"],
          "y": y,
        ] as [String: Any],
      ],
      [
        "transform": [["filter": "isValid(datum.label)"]],
        "mark": ["type": "text", "align": "left", "baseline": "middle", "dy": -9, "fontSize": 12],
        "encoding": [
          "x": ["value": 0], "y": y, "text": ["field": "label", "type": "nominal"], "color": frame.colour,
        ] as [String: Any],
      ],
    ]
  }

  var frontier: Plot {
    let axes: [(metric: Metric, title: String, scale: String)] = [
      (.requests, "requests a token", "log"),
      (.bothProcessors, "CPU of server and readers, µs a token", "linear"),
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
        + "other's work. Down and to the left is better; the bars are intervals, or how far single trials went where "
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

extension Estimate {
  /// The interval, or how far single trials went where there is none.
  fileprivate var range: ClosedRange<Double> {
    interval.map { $0.low...$0.high } ?? least...greatest
  }
}
