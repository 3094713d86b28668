/// A limit or time of the server that an experiment sets, as an option of `pushlab serve`.
public struct ServerLimit: Sendable, Hashable {
  /// Without its dashes, such as `stall-time`.
  public var option: String
  /// In decimal digits.
  public var value: String
  /// File and line, for whoever is told that it is wrong.
  var place: String

  /// What `pushlab serve` would say of it in one line; nil where it takes it.
  public typealias Check = (_ option: String, _ value: String) -> String?
}

extension Experiment {
  static func serverLimits(_ top: Section) throws -> [ServerLimit] {
    guard let node = top.mapping["serve"] else { return [] }
    guard let options = node.mapping else { throw top.mistake(at: node, "'serve' takes options and values") }
    return try options.map { key, value in
      guard let option = key.scalar?.string, let text = value.scalar?.string,
        DecimalNumber.number(text) != nil
      else {
        throw top.mistake(
          at: key, "'serve' takes limits and times of 'pushlab serve', such as 'stall-time: 6'")
      }
      return ServerLimit(option: option, value: text, place: "\(top.file):\(key.mark?.line ?? 1)")
    }
  }

  /// What its server is started with.
  public var serverArguments: [String] { serverLimits.map { "--\($0.option)=\($0.value)" } }

  /// Finds limits that the server would not start with, before it is to.
  /// - Throws: `ExperimentError` that names file and line.
  public func checkServerLimits(_ check: ServerLimit.Check) throws(ExperimentError) {
    for limit in serverLimits {
      if let mistake = check(limit.option, limit.value) {
        throw ExperimentError("\(limit.place): \(mistake)")
      }
    }
  }
}
