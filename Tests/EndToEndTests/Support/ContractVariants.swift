import LabClient
import Readings
import Testing
import Wire

/// The ways of reading that the contract holds for.
extension Variant {
  static let all = returning + sizedLikeBrowsers + [deflated]

  /// Those that have their own way to come back.
  static let returning = Transport.allCases.map { named($0) } + atOnce + [bareIDs]

  static let atOnce = Transport.allCases.filter(AskingOrder.isAtOnce(possible:)).map {
    named($0, "at once") { $0.asking = .atOnce }
  }

  static let bareIDs = named(.serverSentEvents, "ids without the epoch") { $0.ids = .index }

  static let deflated = named(.webSocket, "deflated") { $0.messages = .deflated }

  private static let sizedLikeBrowsers = Transport.allCases.map {
    named($0, "heads of Chromium") { $0.heads = .chromium }
  }

  private static func named(
    _ transport: Transport, _ words: String? = nil, _ change: (inout Variant) -> Void = { _ in }
  ) -> Variant {
    var variant = Variant(transport: transport, pollInterval: .milliseconds(10))
    if let words { variant.name += ", \(words)" }
    change(&variant)
    return variant
  }
}

extension Variant: CustomTestStringConvertible {
  public var testDescription: String { name }
}
