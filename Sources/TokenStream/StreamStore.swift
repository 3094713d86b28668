import MonotonicTime

/// The streams a server holds: at most so many, and the finished ones only for a while.
///
/// `Held` is what the server keeps for a stream, such as the stream with its tokens already framed.
public struct StreamStore<Held> {
  /// The most streams held at a time.
  public let capacity: Int
  /// How long a finished stream can still be read.
  public let retention: Duration
  private var streams: [StreamID: Held] = [:]
  /// Finished streams in the order in which they expire.
  private var expiring: [(id: StreamID, at: Instant)] = []
  private var expired = 0

  public init(capacity: Int, retention: Duration) {
    self.capacity = capacity
    self.retention = retention
  }

  public var count: Int { streams.count }

  public subscript(id: StreamID) -> Held? { streams[id] }

  /// Starts a stream.
  /// - Parameter hold: makes what is kept for it.
  /// - Throws: `StoreFull`.
  public mutating func start(
    _ question: Question, now: Instant, resumingAt index: Int = 0, hold: (LiveStream) -> Held
  ) throws(StoreFull) -> Held {
    expire(at: now)
    guard streams.count < capacity else {
      throw StoreFull(roomAt: expired < expiring.count ? expiring[expired].at : nil)
    }
    var generator = SystemRandomNumberGenerator()
    var id = StreamID(using: &generator)
    while streams[id] != nil { id = StreamID(using: &generator) }
    let held = hold(LiveStream(id: id, question: question, now: now, resumingAt: index))
    streams[id] = held
    return held
  }

  /// To be told once for each stream whose log has ended: its expiry counts from now.
  public mutating func didFinish(_ id: StreamID, at now: Instant) {
    expiring.append((id, now.advanced(by: retention)))
  }

  /// Forgets the streams whose retention is over.
  /// - Returns: when the next one is due.
  @discardableResult
  public mutating func expire(at now: Instant) -> Instant? {
    while expired < expiring.count, expiring[expired].at <= now {
      streams[expiring[expired].id] = nil
      expired += 1
    }
    // The taken part goes in bulk, so that expiring stays cheap however many there are.
    if expired > 64, expired * 2 > expiring.count {
      expiring.removeFirst(expired)
      expired = 0
    }
    return expired < expiring.count ? expiring[expired].at : nil
  }
}

/// The store holds as many streams as it may.
public struct StoreFull: Error {
  /// When the next finished stream expires; nil if none is finished.
  public var roomAt: Instant?
}
