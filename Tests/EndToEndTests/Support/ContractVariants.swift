import LabClient
import Testing
import Wire

/// The ways of reading that the contract holds for: the transports, and what can be changed about them.
extension Variant {
  static let all = Transport.allCases.map { Variant(transport: $0, pollInterval: .milliseconds(10)) } + atOnce

  static let atOnce = Transport.allCases.filter(AskingOrder.atOnceTransports.contains).map { transport in
    var variant = Variant(name: "\(transport.rawValue), at once", transport: transport)
    variant.asking = .atOnce
    return variant
  }
}

extension Variant: CustomTestStringConvertible {
  public var testDescription: String { name }
}
