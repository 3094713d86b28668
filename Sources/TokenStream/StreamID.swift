import Answers

/// A stream's name on its server: 16 hexadecimal digits nobody can guess.
public struct StreamID: Hashable, Sendable, LosslessStringConvertible {
  private let number: Epoch

  public init?(_ description: String) {
    self.init(digits: Substring(description).utf8)
  }

  /// - Parameter digits: the same digits as bytes of ASCII.
  public init?(digits: Substring.UTF8View) {
    guard let number = Epoch(digits: digits) else { return nil }
    self.number = number
  }

  public init(using generator: inout some RandomNumberGenerator) {
    number = Epoch(rawValue: generator.next())
  }

  /// The stream of an answer that is given once, which lends it its name.
  public init(_ epoch: Epoch) {
    number = epoch
  }

  /// The name of its answer, where that is given once.
  public var epoch: Epoch { number }

  public var description: String { number.description }
}
