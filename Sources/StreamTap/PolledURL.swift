import Foundation

/// A URL that is asked again and again, in which fields of the answer before may stand: `{next=0}` is the `next` of the last
/// answer, an object of JSON, and `0` in the first request.
public struct PolledURL: Hashable, Sendable {
  private enum Part: Hashable {
    case text(String)
    case field(name: String, value: String)
  }

  private var parts: [Part] = []
  private var filled: Set<String> = []
  /// Whether the last answer said, by a `done` that is true, that none follows.
  public private(set) var isDone = false

  /// Those of RFC 3986, section 2.3; what is no ASCII is encoded in any case.
  private static let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))

  public init(_ url: String) {
    var rest = url[...]
    while let match = rest.firstMatch(of: /\{([A-Za-z_][A-Za-z0-9_]*)(?:=([^{}]*))?\}/) {
      parts.append(.text(String(rest[..<match.range.lowerBound])))
      parts.append(.field(name: String(match.1), value: String(match.2 ?? "")))
      rest = rest[match.range.upperBound...]
    }
    parts.append(.text(String(rest)))
  }

  /// Names that stand in it and that no answer has had: they may be misspelt.
  public var unknown: [String] {
    parts.compactMap { part in
      if case .field(let name, _) = part, !filled.contains(name) { name } else { nil }
    }
  }

  /// What is asked for next.
  public var url: String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .field(_, let value): value.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? ""
      }
    }.joined()
  }

  /// Takes what the next request is to say; a field that an answer has not keeps its value.
  public mutating func take(_ answer: String) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any] else {
      return
    }
    isDone = (object["done"] as? NSNumber).map { Self.isTruth($0) && $0.boolValue } ?? false
    for index in parts.indices {
      guard case .field(let name, _) = parts[index] else { continue }
      switch object[name] {
      case let text as String: parts[index] = .field(name: name, value: text)
      case let truth as NSNumber where Self.isTruth(truth):
        parts[index] = .field(name: name, value: truth.boolValue ? "true" : "false")
      case let number as NSNumber: parts[index] = .field(name: name, value: number.stringValue)
      default: continue
      }
      filled.insert(name)
    }
  }

  /// Foundation makes one kind of object of `true` and of `1`.
  private static func isTruth(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
