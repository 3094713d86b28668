import PlainText

/// Numbers that a server states are reckoned with: those that cannot be meant are refused where they are read.
extension KeyedDecodingContainer {
  /// A token's index, or how many there are. No answer is as long as the bound, and one more is still an `Int`.
  func tokens(_ key: Key) throws -> Int {
    try number(key, 0...1_000_000_000)
  }

  /// Nanoseconds of a monotonic clock, within 126 years of the machine's start: differences of two, and a schedule
  /// added, still fit.
  func nanoseconds(_ key: Key) throws -> Int64 {
    try number(key, 0...4_000_000_000_000_000_000)
  }

  private func number<Number: Decodable & Comparable>(_ key: Key, _ bounds: ClosedRange<Number>) throws
    -> Number
  {
    let number = try decode(Number.self, forKey: key)
    guard bounds.contains(number) else {
      throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "beyond \(bounds)")
    }
    return number
  }
}

extension Double {
  /// A number in a query, written with decimal digits: `Double` itself takes hexadecimal ones and words too.
  public init?(decimal text: String) {
    guard text.utf8.allSatisfy({ $0.isASCIIDigit || "+-.eE".utf8.contains($0) }) else { return nil }
    self.init(text)
  }
}
