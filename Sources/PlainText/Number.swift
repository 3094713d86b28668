extension Double {
  /// Three significant digits in plain decimal notation, whole from 100 on, the same in every locale.
  public var text: String {
    switch abs(self) {
    case ..<9.995: text(digits: 2)
    case ..<99.95: text(digits: 1)
    default: text(digits: 0)
    }
  }

  /// The same, with up to four digits behind the point where it is small: a difference may be.
  public var fineText: String {
    switch abs(self) {
    case 0, 0.0995...: text
    case ..<0.00995: text(digits: 4)
    default: text(digits: 3)
    }
  }

  /// Plain decimal notation with so many digits behind the point, at most four. From 10¹⁴ on, which no measurement
  /// comes to, it is as Swift writes it, such as `1e+300`; a dash stands for what is not finite.
  public func text(digits: Int) -> String {
    guard isFinite else { return "–" }
    let scale = [1.0, 10, 100, 1_000, 10_000][digits]
    guard abs(self) < Self.longest else { return "\(self)" }
    let scaled = Int((self * scale).rounded())
    guard digits > 0 else { return (scaled < 0 ? "−" : "") + String(abs(scaled)) }
    let fraction = String(abs(scaled) % Int(scale))
    let padding = String(repeating: "0", count: digits - fraction.count)
    return "\(scaled < 0 ? "−" : "")\(abs(scaled) / Int(scale)).\(padding)\(fraction)"
  }

  /// Below it, a number with four digits behind the point fits an `Int` without it.
  private static let longest = 1e14

  /// Whole, with commas, the same in every locale.
  public var grouped: String {
    abs(self) < Self.longest ? Int(rounded()).grouped : text
  }
}

extension Int {
  /// With commas, the same in every locale.
  public var grouped: String {
    var digits = Array(String(magnitude))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return (self < 0 ? "−" : "") + String(digits)
  }
}
