import Foundation
import Measurement
import Results

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
          entry.name,
          [
            "kind": kind.name, "place": place, "bytes": bytes.median, "opacity": kind.opacity,
          ])
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
      name: "bytes", title: "Bytes per token, by kind",
      caption:
        "TCP payload as the kernel counted it: the token's JSON, which is the same everywhere, and what each transport "
        + "adds to it in both directions. The number is the sum's median, and the line its interval where there is one.",
      legend: kinds.map { .area(opacity: $0.opacity, $0.name) },
      panels: frame.panels(
        "bytes", rows, height: 46 * frame.marks.variants.count,
        [
          "layer": bars(
            y: y, scale: frame.scale("linear", "total", rows),
            hasIntervals: rows.contains { $0["low"] != nil })
        ]))
  }

  /// What a token costs in both directions.
  private func total(of entry: String) -> Estimate? {
    let runs = zip(result.values(.bytesDown, of: entry), result.values(.bytesUp, of: entry)).map { down, up in
      zip(down, up).map(+).filter(\.isFinite)
    }
    return Estimate(runs: runs)
  }

  private func bars(
    y: [String: Any], scale: [String: Any], hasIntervals: Bool
  ) -> [[String: Any]] {
    let x: [String: Any] = [
      "field": "bytes", "type": "quantitative", "stack": true, "title": "bytes per token", "scale": scale,
    ]
    return [
      [
        "mark": ["type": "bar", "height": 15, "yOffset": 8, "tooltip": true],
        "encoding": [
          "x": x, "y": y, "color": frame.colour, "order": ["field": "place"],
          "opacity": ["field": "opacity", "type": "quantitative", "scale": NSNull(), "legend": NSNull()]
            as [String: Any],
        ],
      ],
      [
        "transform": [["filter": "isValid(datum.label)"]],
        "mark": ["type": "text", "align": "left", "baseline": "middle", "dy": -9, "fontSize": 12],
        "encoding": [
          "x": ["value": 0], "y": y, "text": ["field": "label", "type": "nominal"], "color": frame.colour,
        ] as [String: Any],
      ],
    ] + (hasIntervals ? [interval(y: y)] : [])
  }

  private func interval(y: [String: Any]) -> [String: Any] {
    [
      "transform": [["filter": "isValid(datum.low)"]],
      "mark": ["type": "rule", "strokeWidth": 2, "color": Marks.ink, "yOffset": 8],
      "encoding": [
        "x": ["field": "low", "type": "quantitative", "title": "bytes per token"], "x2": ["field": "high"],
        "y": y,
      ] as [String: Any],
    ]
  }
}
