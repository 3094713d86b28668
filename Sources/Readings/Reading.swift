import Answers
import MonotonicTime
import Wire

/// One token as it reached a reader.
public struct Arrival: Hashable, Sendable {
  public var index: Int
  /// When the bytes that completed it were read; tokens completed by one read share it.
  public var at: Instant
  /// Whether its text is the one the generator gives for this index.
  public var isIntact: Bool

  public init(index: Int, at: Instant, isIntact: Bool) {
    self.index = index
    self.at = at
    self.isIntact = isIntact
  }
}

/// What one reader saw of one stream, unjudged, over all the connections it took.
public struct Reading: Sendable {
  /// The moment the reader asked: before connecting where the connection is cold, else before the request.
  public var asked: Instant
  /// When its first connection stood; nil where it asked on one that stood already.
  public var connected: Instant?
  /// When it first heard of the stream: by 201, or by `started`. Nil where the plan named one.
  public var answered: Instant?
  /// The instant from which the stream's schedule counts, as the server stated it.
  public var started: Instant
  /// When each token was meant to come, since then.
  public var offsets: [Duration]
  /// What each token was meant to say.
  public var texts: [String]
  /// In the order in which they came.
  public var arrivals: [Arrival] = []
  /// Why the stream ended; nil if the reader never heard.
  public var end: EndReason?
  /// When the reader heard.
  public var ended: Instant?
  /// Whether the connection stood, and had carried a request, before the reader asked.
  public var isWarm = false
  /// Requests made since then, the one that asks and a WebSocket's handshake included.
  public var requests = 0
  public var connections = 0
  /// How the reader was to come back.
  public var recovery = Recovery.none
  /// The stream that was read, the last of them where a restart took the first.
  public var stream: StreamStarted?
  /// When the reader asked for the generation to stop.
  public var stopAsked: Instant?
  /// How many tokens were to come, where the stream was stopped before its end.
  public var expectedCount: Int?
  /// Every time without a connection, in order.
  public var outages: [Outage] = []
  public var up = ByteSplit()
  public var down = ByteSplit()
  public var segmentsUp = 0
  public var segmentsDown = 0
  /// Whether the kernel told of every connection: one that the server ended in front of a reader that was not to come back
  /// is gone with its count.
  public var isCounted = true
  /// Whether the bytes of tokens can be told from those around them, which they cannot where a body was coded.
  public var isSplit = true
  /// Segments that the reader's side had to send again.
  public var retransmissions = 0
  /// Why the reading stopped before the stream's end.
  public var failure: String?
  /// What a naive reader did not come back from, which is its nature and no failure.
  public var abandoned: String?

  public init(asked: Instant, started: Instant, offsets: [Duration] = [], texts: [String] = []) {
    self.asked = asked
    self.started = started
    self.offsets = offsets
    self.texts = texts
  }
}
