import MonotonicTime

/// The streams a server holds: at most so many, of at most so much text together, and the finished ones only for a
/// while.
///
/// `Held` is what the server keeps for a stream, such as the stream with its tokens already framed.
public struct StreamStore<Held> {
  /// The most streams held at a time.
  public let capacity: Int
  /// The most pieces of text of all answers held at a time.
  public let pieceCapacity: Int
  /// How long a finished stream can still be read.
  public let retention: Duration
  private var streams: [StreamID: (held: Held, pieces: Int)] = [:]
  /// Of all streams, whether they are generated already or not.
  private var pieces = 0
  /// Finished streams in the order in which they expire.
  private var expiring = WaitingLine<(id: StreamID, at: Instant)>()

  public init(capacity: Int, pieceCapacity: Int = .max, retention: Duration) {
    self.capacity = capacity
    self.pieceCapacity = pieceCapacity
    self.retention = retention
  }

  public var count: Int { streams.count }

  public subscript(id: StreamID) -> Held? { streams[id]?.held }

  /// Starts a stream.
  /// - Parameter hold: makes what is kept for it.
  /// - Throws: `StoreFull`.
  public mutating func start(
    _ question: Question, now: Instant, resumingAt index: Int = 0, hold: (LiveStream) -> Held
  ) throws(StoreFull) -> Held {
    expire(at: now)
    guard streams.count < capacity, question.pieceCount <= pieceCapacity - pieces else {
      throw StoreFull(roomAt: expiring.first?.at)
    }
    var generator = SystemRandomNumberGenerator()
    var id = StreamID(using: &generator)
    while streams[id] != nil { id = StreamID(using: &generator) }
    let held = hold(LiveStream(id: id, question: question, now: now, resumingAt: index))
    streams[id] = (held, question.pieceCount)
    pieces += question.pieceCount
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
    while let next = expiring.first, next.at <= now {
      _ = expiring.popFirst()
      pieces -= streams.removeValue(forKey: next.id)?.pieces ?? 0
    }
    return expiring.first?.at
  }
}

/// The store holds as many streams as it may, or as much text.
public struct StoreFull: Error {
  /// When the next finished stream expires; nil if none is finished.
  public var roomAt: Instant?
}
