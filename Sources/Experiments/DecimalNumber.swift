/// Numbers as a person reads them, in decimal digits: not as YAML 1.1 does, where `010` is eight, `1:30` is ninety
/// and `1_000` a thousand. Of YAML 1.2's core schema (section 10.3.2) hexadecimal, octal and what is not finite are
/// left out.
enum DecimalNumber {
  /// - Returns: nil for anything but digits, with or without a sign.
  static func whole(_ text: String) -> Int? {
    text.wholeMatch(of: /[-+]?[0-9]+/) == nil ? nil : Int(text)
  }

  /// - Returns: nil for anything but digits with or without a sign, a fraction and an exponent.
  static func number(_ text: String) -> Double? {
    text.wholeMatch(of: /[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?/) == nil ? nil : Double(text)
  }
}
