import Results

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

  /// What its server is started with: the file's limits, and room for a turn's readers and for the streams of earlier
  /// turns, which the server holds for a while after their end, beside those of a turn.
  public var serverArguments: [String] {
    let needs = [
      ("max-connections", connectionsHeld), ("max-connections-per-address", connectionsHeld),
      ("max-held-polls", connectionsHeld), ("max-streams", streamsHeld), ("max-held-pieces", piecesHeld),
    ]
    let room = needs.filter { option, need in
      need > (Self.ownLimits[option] ?? 0) && value(ofLimit: option) == nil
    }
    return serverLimits.map { "--\($0.option)=\($0.value)" }
      + room.map { "--\($0)=\(Int(min($1, 1e9)))" }
  }

  /// What `pushlab serve` takes by itself.
  static let ownLimits = [
    "max-connections": 20_000.0, "max-connections-per-address": 20_000, "max-held-polls": 20_000,
    "max-streams": 20_000, "max-held-pieces": 8_000_000, "retention": 60, "stall-time": 30,
  ]

  /// Of the file, or else the server's own.
  func seconds(ofLimit option: String) -> Double {
    value(ofLimit: option) ?? Self.ownLimits[option] ?? 0
  }

  private func value(ofLimit option: String) -> Double? {
    serverLimits.first { $0.option == option }.flatMap { Double($0.value) }
  }

  /// At most, of a turn or of those who wait where memory is measured, with as many again for those of the turn before
  /// that are not dropped yet, and a few for who asks beside the readers.
  private var connectionsHeld: Double {
    let readers = conditions.map { self.readers(under: $0) + $0.stalled }.max() ?? 0
    return Double(max(2 * readers, memoryConnections ?? 0) + 100)
  }

  /// At most, of the turns that fall within the time that the server holds a finished stream, and of one before and after;
  /// each of those who wait where memory is measured has one of its own.
  private var streamsHeld: Double {
    let readers = conditions.map { self.readers(under: $0) }.max() ?? 0
    let shortest = conditions.map(\.meanLength.inSeconds).min() ?? 0
    let turns = Double(readers) * ((seconds(ofLimit: "retention") / max(0.1, shortest)).rounded(.down) + 2)
    return max(turns, Double((memoryConnections ?? 0) + 1))
  }

  private var piecesHeld: Double {
    streamsHeld * (conditions.map { Double($0.pieceCount) }.max() ?? 0)
  }

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
