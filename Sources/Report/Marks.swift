import Results

/// How the variants of a run are told apart in every plot and table: by the colour that their transport has in the
/// browser demo, and by a dash and a shape of their own, because lines of nearly the same numbers lie on one another.
struct Marks {
  struct Mark {
    /// Such as `#006b4a`.
    var colour: String
    /// Lengths of strokes and blanks in pixels; empty for a line without blanks.
    var dash: [Int]
    /// An SVG path within a square from -1 to 1.
    var shape: String
  }

  /// In the table's order.
  let variants: [String]
  private let marks: [String: Mark]

  /// As in the files of static/transports, on a light ground.
  static let colours = [
    "short-polling": "#9a5300", "long-polling": "#963a73", "server-sent-events": "#006b4a",
    "websocket": "#005f99",
  ]
  /// For transports that are not among them, in the order in which they come.
  static let others = ["#454b57", "#6f6400", "#5c4aa0"]
  static let intended = Mark(colour: "#dedad2", dash: [], shape: shapes[0])
  static let ink = "#1c1b1a"

  private static let dashes = [
    [], [8, 3], [2, 3], [9, 3, 2, 3], [14, 4], [5, 5], [2, 6], [12, 3, 5, 3],
  ]

  /// No cross is among them: it is for tokens that were lost.
  static let shapes = [
    "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z", "M-0.9,-0.9L0.9,-0.9L0.9,0.9L-0.9,0.9Z",
    "M0,-1.1L1.1,0.9L-1.1,0.9Z", "M0,-1.3L1.1,0L0,1.3L-1.1,0Z", "M0,1.1L1.1,-0.9L-1.1,-0.9Z",
    "M-0.4,-1.2L0.4,-1.2L0.4,1.2L-0.4,1.2Z", "M1.1,0L-0.9,1.1L-0.9,-1.1Z", "M-1.1,0L0.9,1.1L0.9,-1.1Z",
  ]

  init(_ plan: RunPlan) {
    var variants: [String] = []
    var transports: [String: String] = [:]
    for entry in plan.entries where transports[entry.variant] == nil {
      variants.append(entry.variant)
      transports[entry.variant] = entry.transport
    }
    self.variants = variants
    var colours = Self.colours
    var left = Self.others[...]
    for variant in variants {
      guard let transport = transports[variant], colours[transport] == nil else { continue }
      colours[transport] = left.popFirst()
    }
    var marks: [String: Mark] = [:]
    for (place, variant) in variants.enumerated() {
      let siblings = variants.filter { transports[$0] == transports[variant] }
      let base = colours[transports[variant] ?? ""] ?? Self.ink
      marks[variant] = Mark(
        colour: Self.shade(base, siblings.firstIndex(of: variant) ?? 0, of: siblings.count),
        dash: Self.dashes[place % Self.dashes.count], shape: Self.shapes[place % Self.shapes.count])
    }
    self.marks = marks
  }

  subscript(variant: String) -> Mark { marks[variant] ?? Self.intended }

  /// From darker to lighter, the colour itself in the middle; the lightest still stands out from white.
  private static func shade(_ colour: String, _ place: Int, of count: Int) -> String {
    guard count > 1 else { return colour }
    let step = Double(place) / Double(count - 1) * 2 - 1
    let (other, share) = step < 0 ? (0.0, -step * 0.5) : (255.0, step * 0.3)
    let digits = colour.dropFirst()
    let parts = stride(from: 0, to: 6, by: 2).map { start -> String in
      let part = Double(Int(digits.dropFirst(start).prefix(2), radix: 16) ?? 0)
      let text = String(Int((part + (other - part) * share).rounded()), radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return "#" + parts.joined()
  }
}
