import Links
import Measurement

/// What was planned, as it was run.
public struct RunPlan: Codable, Sendable {
  public var seed: UInt64
  public var runs: Int
  /// Of each run.
  public var trials: Int
  public var warmUps: Int
  public var readers: Int
  public var tokensPerTrial: Int
  /// In the order of the table.
  public var entries: [Entry]
  /// Cut down to a look: too little to decide or to reckon by.
  public var isQuick: Bool
  /// By run, and in it by trial: the entries in the order of their turns.
  public var order: [[String]]
  public var metrics: [Metric]
  /// What the report reckons up to.
  public var scale: ScaleAssumptions?
  /// The server that was measured, where it was none of the runs' own.
  public var server: String?

  public struct Entry: Codable, Sendable {
    public var name: String
    public var variant: String
    public var transport: String
    public var condition: String
    /// The entry it is compared with.
    public var baseline: String
    public var pollIntervalSeconds: Double
    public var tokenRate: Double
    public var tokenSize: Int
    /// At a time.
    public var readers: Int
    /// What of its reading is not as the transport does by itself, by the keys of an experiment's file; nil where the
    /// result does not say.
    public var reading: [String: String]?
    /// The link between server and readers; nil where they met on the loopback interface.
    public var network: LinkProperties?
    /// The proxy between them; nil where there was none.
    public var proxy: String?
    /// How its server sent, as options of `pushlab serve`; nil where it sent as it does by itself.
    public var serving: [String]?

    package init(
      name: String, variant: String, transport: String, condition: String, baseline: String,
      pollIntervalSeconds: Double, tokenRate: Double, tokenSize: Int, readers: Int,
      reading: [String: String]? = nil, network: LinkProperties? = nil, proxy: String? = nil,
      serving: [String]? = nil
    ) {
      self.name = name
      self.variant = variant
      self.transport = transport
      self.condition = condition
      self.baseline = baseline
      self.pollIntervalSeconds = pollIntervalSeconds
      self.tokenRate = tokenRate
      self.tokenSize = tokenSize
      self.readers = readers
      self.reading = reading
      self.network = network
      self.proxy = proxy
      self.serving = serving
    }
  }

  package init(
    seed: UInt64, runs: Int, trials: Int, warmUps: Int, readers: Int, tokensPerTrial: Int, entries: [Entry],
    isQuick: Bool, order: [[String]], metrics: [Metric], scale: ScaleAssumptions? = nil
  ) {
    self.seed = seed
    self.runs = runs
    self.trials = trials
    self.warmUps = warmUps
    self.readers = readers
    self.tokensPerTrial = tokensPerTrial
    self.entries = entries
    self.isQuick = isQuick
    self.order = order
    self.metrics = metrics
    self.scale = scale
  }

  public func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  package func condition(of entry: String) -> String { self.entry(entry)?.condition ?? "" }
}
