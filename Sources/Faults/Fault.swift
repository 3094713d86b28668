/// What can happen to a connection between a server and its reader.
public enum Fault: String, CaseIterable, Codable, Sendable {
  /// Both ends get a reset (RST), as from a proxy that was killed or a firewall.
  case reset
  /// The reader gets the end of the stream (FIN) while the server hears nothing until the reader closes.
  case halfClose = "half-close"
  /// The bytes stop in the midst of a token's JSON, and the connection is closed or reset.
  case cutInToken = "cut-in-token"
  /// No byte passes either way any more while both connections stay open, as behind a router that lost its
  /// table; until the reader gives up.
  case stall
  /// A reset, and for a while nobody listens: connecting is refused.
  case refuse
}

/// Which faults are committed where: a pure function of its seed and of the bytes that pass.
public struct FaultPlan: Hashable, Sendable {
  /// What is drawn from. They take turns in a shuffled order, so that each comes equally often; none where it is
  /// empty.
  public var kinds: [Fault]
  public var spacing: Spacing
  /// How many are committed in all; after them, bytes pass.
  public var limit: Int
  /// How long connecting is refused.
  public var refusal: ClosedRange<Duration>
  public var seed: UInt64

  /// How far faults are apart, counted downstream over all connections of a link: evenly drawn from one to
  /// twice the mean less one.
  public enum Spacing: Hashable, Sendable {
    /// Bytes of TCP payload, heads included.
    case bytes(mean: Int)
    /// Beginnings of tokens: `"token":"`.
    case tokens(mean: Int)

    var mean: Int {
      switch self {
      case .bytes(let mean), .tokens(let mean): max(1, mean)
      }
    }
  }

  public init(
    kinds: [Fault] = Fault.allCases, spacing: Spacing, limit: Int = .max,
    refusal: ClosedRange<Duration> = .milliseconds(50) ... .milliseconds(500), seed: UInt64
  ) {
    self.kinds = kinds
    self.spacing = spacing
    self.limit = limit
    self.refusal = refusal
    self.seed = seed
  }
}
