import Foundation
import Results

/// What a run's plots share: a colour, a dash and a shape for each variant, a panel for each condition, and how large
/// they are.
struct PlotFrame {
  let marks: Marks
  let conditions: [String]
  private let result: RunResult
  /// By entry, and by the name of a schedule's staircase.
  private var places: [String: (variant: String, condition: String)] = [:]

  init(_ result: RunResult) {
    self.result = result
    marks = Marks(result.plan)
    var seen: Set<String> = []
    conditions = result.plan.entries.map(\.condition).filter { seen.insert($0).inserted }
    for condition in conditions { places[RunResult.schedule(of: condition)] = ("intended", condition) }
    for entry in result.plan.entries { places[entry.name] = (entry.variant, entry.condition) }
  }

  /// A row of an entry's, with what tells it from the others.
  func row(_ entry: String, _ values: [String: Any]) -> [String: Any] {
    let place = places[entry] ?? (entry, "")
    let names = ["entry": entry, "variant": place.variant, "condition": place.condition]
    return values.merging(names) { value, _ in value }
  }

  /// A line's rows: some of them carry its shape, each variant's other ones, so that lines that lie on one another show
  /// all their shapes; the last one carries a cross where the entry lost tokens.
  func line(_ entry: String, _ points: [[String: Any]]) -> [[String: Any]] {
    let place = marks.variants.firstIndex(of: places[entry]?.variant ?? "")
    let count = max(1, marks.variants.count)
    let stride = max(1, points.count / (count * 4))
    return points.enumerated().map { number, point in
      var row = row(entry, point)
      row["isSchedule"] = place == nil
      row["isMarked"] = number.isMultiple(of: stride) && number / stride % count == place
      row["hasLost"] = number == points.count - 1 && result.ledger(of: entry).lost > 0
      return row
    }
  }

  var colour: [String: Any] { scaled("variant", marks.variants.map { marks[$0].colour }) }
  var dash: [String: Any] {
    scaled("variant", marks.variants.map { marks[$0].dash.isEmpty ? [1, 0] : marks[$0].dash })
  }
  /// A shape a variant, or a condition where there are several.
  var shape: [String: Any] {
    hasConditions
      ? scaled(
        "condition", domain: conditions, conditions.indices.map { Marks.shapes[$0 % Marks.shapes.count] })
      : scaled("variant", marks.variants.map { marks[$0].shape })
  }
  var lineShape: [String: Any] { scaled("variant", marks.variants.map { marks[$0].shape }) }

  func scaled(_ field: String, domain: [String]? = nil, _ range: [Any]) -> [String: Any] {
    [
      "field": field, "type": "nominal", "legend": NSNull(),
      "scale": ["domain": domain ?? marks.variants, "range": range] as [String: Any],
    ]
  }

  var hasConditions: Bool { conditions.count > 1 }

  /// A panel a condition, each as wide as its place on the page.
  func panels(
    _ name: String, _ rows: [[String: Any]], height: Int, _ body: [String: Any]
  ) -> [Plot.Panel] {
    guard hasConditions else { return [panel(name, "", rows, height: height, body)] }
    return conditions.enumerated().map { number, condition in
      panel(
        number == 0 ? name : "\(name)\(number + 1)", condition,
        rows.filter { $0["condition"] as? String == condition }, height: height * 3 / 4, body)
    }
  }

  func panel(
    _ name: String, _ title: String, _ rows: [[String: Any]], height: Int, _ body: [String: Any]
  ) -> Plot.Panel {
    var specification = body
    specification["$schema"] = "https://vega.github.io/schema/vega-lite/v6.json"
    specification["data"] = ["values": rows]
    specification["width"] = "container"
    specification["height"] = height
    specification["config"] = [
      "axis": [
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelSeparation": 6,
        "labelFlush": false,
      ]
    ]
    specification["autosize"] = ["type": "fit-x", "contains": "padding"]
    // The last label of an axis stands half beyond it, for which the fitting alone leaves too little room.
    specification["padding"] = ["left": 5, "top": 5, "right": 16, "bottom": 5]
    return Plot.Panel(name: name, title: title, specification: specification, isEmpty: rows.isEmpty)
  }

  /// Panels beside one another show the same part of the axis; one alone chooses its own.
  func scale(_ kind: String, _ field: String, _ rows: [[String: Any]]) -> [String: Any] {
    let values = rows.compactMap { $0[field] as? Double ?? ($0[field] as? Int).map(Double.init) }
    guard hasConditions, let least = values.min(), let greatest = values.max(), least < greatest else {
      return ["type": kind]
    }
    return ["type": kind, "domain": [kind == "log" ? least : 0, greatest], "nice": true]
  }
}
