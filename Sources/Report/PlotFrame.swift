import Experiments
import Foundation

/// What a run's plots share: a colour for each variant, a panel or a shape for each condition, and how large they
/// are.
struct PlotFrame {
  private let plan: RunPlan
  private let variants: [String]
  private let conditions: [String]
  /// By entry, and by the name of a schedule's staircase.
  private var places: [String: (variant: String, condition: String)] = [:]

  init(_ plan: RunPlan) {
    self.plan = plan
    variants = Self.unique(plan.entries.map(\.variant))
    conditions = Self.unique(plan.entries.map(\.condition))
    for condition in conditions { places[RunResult.schedule(of: condition)] = ("intended", condition) }
    for entry in plan.entries { places[entry.name] = (entry.variant, entry.condition) }
  }

  /// A row of an entry's, with what tells it from the others.
  func row(_ entry: String, _ values: [String: Any]) -> [String: Any] {
    let place = places[entry] ?? (entry, "")
    let names = ["entry": entry, "variant": place.variant, "condition": place.condition]
    return values.merging(names) { value, _ in value }
  }

  var colour: [String: Any] {
    [
      "field": "variant", "type": "nominal", "sort": ["intended"] + variants, "title": NSNull(),
      "legend": legend,
    ]
  }

  /// Beside one another where there is room, below the plot.
  private var legend: [String: Any] { ["orient": "bottom", "columns": 4, "labelLimit": 240] }

  var shape: [String: Any] {
    guard hasPanels else { return ["value": "circle"] }
    return ["field": "condition", "type": "nominal", "sort": conditions, "title": NSNull(), "legend": legend]
  }

  /// A plot of lines, or a panel of it for each condition.
  func lines(_ rows: [[String: Any]], _ body: [String: Any]) -> [String: Any] {
    guard hasPanels else { return sized(rows, body, height: 320) }
    let panel = body.merging(["width": 420, "height": 220]) { own, _ in own }
    let facet: [String: Any] = [
      "field": "condition", "type": "nominal", "sort": conditions, "title": NSNull(),
    ]
    return free(rows, ["facet": facet, "columns": 2, "spec": panel])
  }

  /// A bar for each entry.
  func bars(_ rows: [[String: Any]], _ body: [String: Any]) -> [String: Any] {
    sized(rows, body, height: 26 * plan.entries.count)
  }

  /// A plot that says its own size.
  func free(_ rows: [[String: Any]], _ body: [String: Any]) -> [String: Any] {
    var specification = body
    specification["$schema"] = "https://vega.github.io/schema/vega-lite/v6.json"
    specification["data"] = ["values": rows]
    return specification
  }

  private func sized(_ rows: [[String: Any]], _ body: [String: Any], height: Int) -> [String: Any] {
    var specification = free(rows, body)
    specification["width"] = "container"
    specification["height"] = height
    specification["autosize"] = ["type": "fit-x", "contains": "padding"]
    return specification
  }

  private var hasPanels: Bool { conditions.count > 1 }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
