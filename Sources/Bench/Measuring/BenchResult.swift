import Foundation
import Machine
import Wire

/// All that a bench has seen so far.
public struct BenchResult: Codable, Sendable {
  public var environment: RunEnvironment
  /// What typed again does the same again.
  public var command: String
  public var options: Options
  /// What the servers say of their versions.
  public var versions: [String]
  /// Who did not take part, in words.
  public var absent: [String]
  public var turns: [Turn] = []
  /// Whether it was ended before all turns were done.
  public var isInterrupted = false

  /// What was measured in a turn.
  public enum Subject: Hashable, Codable, Sendable {
    case load(shape: Load.Shape, entry: Entry)
    case requests(of: Answerer)

    public var name: String {
      switch self {
      case .load(_, let entry): entry.name
      case .requests(let answerer): answerer.rawValue
      }
    }
  }

  /// A turn of an entry in a trial.
  public struct Turn: Codable, Sendable {
    public var subject: Subject
    public var readers: Int
    public var trial: Int
    /// Nil where it failed.
    public var result: TurnResult?
    /// Why it failed.
    public var failure: String?

    public init(
      _ subject: Subject, readers: Int, trial: Int, result: TurnResult? = nil, failure: String? = nil
    ) {
      self.subject = subject
      self.readers = readers
      self.trial = trial
      self.result = result
      self.failure = failure
    }
  }

  public init(
    environment: RunEnvironment, command: String, options: Options, versions: [String], absent: [String]
  ) {
    self.environment = environment
    self.command = command
    self.options = options
    self.versions = versions
    self.absent = absent
  }

  /// That were begun.
  var trials: Int { (turns.map(\.trial).max() ?? -1) + 1 }

  func turns(_ subject: Subject, readers: Int) -> [Turn] {
    turns.filter { $0.subject == subject && $0.readers == readers }
  }

  /// A value a trial, in the order of trials; nil for a trial without one.
  public func values(_ figure: Figure, _ subject: Subject, readers: Int) -> [Double?] {
    let turns = turns(subject, readers: readers)
    return (0..<trials).map { trial in turns.first { $0.trial == trial }?.result?.figures[figure] }
  }

  /// In the order in which they are shown.
  func subjects(_ shape: Load.Shape) -> [Subject] {
    let seen = Set(turns.map(\.subject))
    return Server.allCases.flatMap { server in
      server.transports.map { Subject.load(shape: shape, entry: Entry(server: server, transport: $0)) }
    }.filter(seen.contains)
  }

  /// - Throws: `DecodingError` where it is not what `json` made, or has counts that no bench comes to.
  public init(json: Data) throws {
    self = try JSONDecoder().decode(BenchResult.self, from: json)
    let counts = turns.flatMap { $0.result?.failures.values.map(\.self) ?? [] }
    guard turns.allSatisfy({ (0..<Self.mostTrials).contains($0.trial) }),
      counts.allSatisfy((0...Self.mostFailures).contains)
    else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: [], debugDescription: "a trial or a count is none of a bench"))
    }
  }

  /// More trials, and more failures of a turn, than can be asked for: what goes over all of them comes to an end,
  /// and sums fit an `Int`.
  private static let mostTrials = 1_000
  private static let mostFailures = 1_000_000_000

  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      return try encoder.encode(self)
    }
  }
}
