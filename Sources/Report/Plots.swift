import Experiments
import Foundation
import Measurement

/// The page's plots as Vega-Lite specifications: JSON that says what is drawn from which numbers. No drawing is
/// done here.
struct Plots {
  private let result: RunResult
  private let frame: PlotFrame

  init(_ result: RunResult) {
    self.result = result
    frame = PlotFrame(result.plan)
  }

  struct Plot {
    /// The id of its place on the page.
    let name: String
    let title: String
    /// What to read in it.
    let caption: String
    let specification: [String: Any]
  }

  var all: [Plot] { [staircase, distribution, bytes, frontier] }

  private var entryNames: [String] { result.plan.entries.map(\.name) }

  private var staircase: Plot {
    let rows = result.staircases.sorted { $0.key < $1.key }.flatMap { entry, steps in
      steps.map { frame.row(entry, ["ms": $0.milliseconds, "tokens": $0.tokens]) }
    }
    return Plot(
      name: "staircase", title: "The staircase",
      caption:
        "Tokens shown against time: one reader in the first trial, over the intended schedule. A step to "
        + "the right of the schedule is a reader who waits; a tall step is a bunch of tokens shown at once.",
      specification: frame.lines(
        rows,
        [
          "mark": ["type": "line", "interpolate": "step-after", "tooltip": true],
          "params": [["name": "zoom", "select": "interval", "bind": "scales"]],
          "encoding": [
            "x": ["field": "ms", "type": "quantitative", "title": "milliseconds since the stream's start"],
            "y": ["field": "tokens", "type": "quantitative", "title": "tokens shown"],
            "color": frame.colour,
            "strokeDash": [
              "condition": ["test": "datum.variant === 'intended'", "value": [4, 3]],
              "value": [1, 0],
            ],
          ],
        ]))
  }

  private var distribution: Plot {
    let rows = result.distributions.sorted { $0.key < $1.key }.flatMap { entry, points in
      // Beyond all of them lies nothing.
      points.filter { $0.quantile < 1 }.map { point in
        frame.row(entry, ["beyond": 1 / (1 - point.quantile), "ms": max(0.001, point.milliseconds)])
      }
    }
    return Plot(
      name: "distribution", title: "The delay's distribution",
      caption:
        "How long after its intended instant a token arrived, all trials together, to as far out as five "
        + "tokens lie beyond. Each step to the right is ten times rarer.",
      specification: frame.lines(
        rows,
        [
          "mark": ["type": "line", "tooltip": true],
          "encoding": [
            "x": [
              "field": "beyond", "type": "quantitative", "title": "share of tokens that arrived by then",
              "scale": ["type": "log", "domainMin": 1],
              "axis": [
                "values": [1, 2, 10, 100, 1_000, 10_000],
                "labelExpr": "datum.value == 1 ? 'least' : format(100 * (1 - 1 / datum.value), '~g') + ' %'",
              ],
            ] as [String: Any],
            "y": [
              "field": "ms", "type": "quantitative", "title": "delay in milliseconds",
              "scale": ["type": "log"],
            ] as [String: Any],
            "color": frame.colour,
          ],
        ]))
  }

  private var bytes: Plot {
    let kinds: [(String, Metric)] = [
      ("1 payload", .bytesDownPayload), ("2 framing", .bytesDownFraming),
      ("3 heads of answers", .bytesDownHeads),
      ("4 requests", .bytesUp),
    ]
    let rows = entryNames.flatMap { entry in
      kinds.compactMap { kind, metric -> [String: Any]? in
        result.estimate(metric, of: entry).map { ["entry": entry, "kind": kind, "bytes": $0.median] }
      }
    }
    return Plot(
      name: "bytes", title: "Bytes a token, by kind",
      caption:
        "TCP payload as the kernel counted it: the token's JSON, which is the same everywhere, and what each "
        + "transport adds to it in both directions.",
      specification: frame.bars(
        rows,
        [
          "mark": ["type": "bar", "tooltip": true],
          "encoding": [
            "x": ["field": "bytes", "type": "quantitative", "stack": true, "title": "bytes a token"]
              as [String: Any],
            "y": ["field": "entry", "type": "nominal", "sort": entryNames, "title": NSNull()]
              as [String: Any],
            "color": ["field": "kind", "type": "nominal", "title": NSNull()] as [String: Any],
            "order": ["field": "kind"],
          ],
        ]))
  }

  private var frontier: Plot {
    let rows = entryNames.compactMap { entry -> [String: Any]? in
      guard let delay = result.estimate(.delayMedian, of: entry),
        let requests = result.estimate(.requests, of: entry)
      else { return nil }
      var row: [String: Any] = [
        "delay": max(0.001, delay.median), "low": max(0.001, delay.interval?.low ?? delay.least),
        "high": max(0.001, delay.interval?.high ?? delay.greatest),
        "requests": requests.median,
      ]
      row["cpu"] = result.estimate(.serverProcessor, of: entry)?.median
      return frame.row(entry, row)
    }
    let panels = [("requests", "requests a token", "log"), ("cpu", "server CPU, µs a token", "linear")].map {
      ["width": 300, "height": 300, "layer": pointsWithIntervals(x: $0)] as [String: Any]
    }
    return Plot(
      name: "frontier", title: "What speed costs",
      caption:
        "Delay against requests and against the server's processor time. Down and to the left is better; "
        + "the bars are the delay's interval.",
      specification: frame.free(rows, ["hconcat": panels]))
  }

  private func pointsWithIntervals(x: (field: String, title: String, scale: String)) -> [[String: Any]] {
    let across: [String: Any] = [
      "field": x.field, "type": "quantitative", "title": x.title, "scale": ["type": x.scale],
    ]
    let scale = ["type": "log"]
    let title = "delay p50 in milliseconds"
    return [
      [
        "mark": ["type": "rule"],
        "encoding": [
          "x": across,
          "y": ["field": "low", "type": "quantitative", "scale": scale, "title": title] as [String: Any],
          "y2": ["field": "high"], "color": frame.colour,
        ],
      ],
      [
        "mark": ["type": "point", "filled": true, "size": 80, "tooltip": true],
        "encoding": [
          "x": across,
          "y": ["field": "delay", "type": "quantitative", "scale": scale, "title": title] as [String: Any],
          "color": frame.colour, "shape": frame.shape,
        ],
      ],
    ]
  }
}
