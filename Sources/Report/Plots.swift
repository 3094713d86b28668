import Measurement
import Results

/// One of the page's plots, as Vega-Lite specifications: JSON that says what is drawn from which numbers. No drawing is
/// done here.
struct Plot {
  let name: String
  let title: String
  /// What to read in it.
  let caption: String
  let legend: [Key]
  /// Beside one another where there is room.
  var panels: [Panel]

  struct Panel {
    /// The id of its place on the page.
    let name: String
    /// Empty where there is but one.
    let title: String
    let specification: [String: Any]
    /// Nothing was measured that it could show.
    let isEmpty: Bool
  }

  /// A line of its legend.
  enum Key {
    case line(Marks.Mark, String)
    case point(colour: String, shape: String, String)
    case area(opacity: Double, String)
  }
}

/// All plots of a run.
struct Plots {
  let result: RunResult
  let frame: PlotFrame

  init(_ result: RunResult) {
    self.result = result
    frame = PlotFrame(result)
  }

  /// Those that have something to show.
  var all: [Plot] {
    [staircase, distribution, bytes, frontier].map { plot in
      var plot = plot
      plot.panels.removeAll(where: \.isEmpty)
      return plot
    }.filter { !$0.panels.isEmpty }
  }

  var entryNames: [String] { result.plan.entries.map(\.name) }

  /// A key a variant, for plots of lines.
  var lineKeys: [Plot.Key] { frame.marks.variants.map { .line(frame.marks[$0], $0) } }

  /// Said of who lost tokens, where a plot would otherwise reward it.
  var lossText: String {
    let losers = result.plan.entries.compactMap { entry -> String? in
      let lost = result.ledger(of: entry.name).lost
      return lost > 0 ? "\(entry.name) (\(lost))" : nil
    }
    guard !losers.isEmpty else { return "" }
    return " A cross marks who lost tokens, which are in none of these numbers and make them look better: "
      + losers.joined(separator: "; ") + "."
  }

  var hasLosers: Bool { result.plan.entries.contains { result.ledger(of: $0.name).lost > 0 } }

  /// Lines with shapes on them, and crosses at the ends of those that lost tokens.
  func lines(interpolate: String, x: [String: Any], y: [String: Any]) -> [[String: Any]] {
    [
      [
        "transform": [["filter": "!datum.isSchedule"]],
        "mark": ["type": "line", "interpolate": interpolate, "strokeWidth": 2, "tooltip": true],
        "encoding": [
          "x": x, "y": y, "color": frame.colour, "strokeDash": frame.dash, "detail": ["field": "entry"],
        ],
      ],
      [
        "transform": [["filter": "datum.isMarked"]],
        "mark": ["type": "point", "filled": true, "opacity": 1, "size": 50, "tooltip": true],
        "encoding": ["x": x, "y": y, "color": frame.colour, "shape": frame.lineShape],
      ],
    ] + crosses(x: x, y: y)
  }

  /// None where nobody lost any.
  func crosses(x: [String: Any], y: [String: Any]) -> [[String: Any]] {
    guard hasLosers else { return [] }
    return [
      [
        "transform": [["filter": "datum.hasLost"]],
        "mark": ["type": "text", "text": "✕", "fontSize": 20, "fontWeight": "bold", "color": "#b3261e"],
        "encoding": ["x": x, "y": y],
      ]
    ]
  }
}
