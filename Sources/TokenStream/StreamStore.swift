import Answers
import Budgets
import MonotonicTime

/// The streams a server holds: at most so many, of at most so much text together, and the finished ones only for a
/// while.
///
/// `Held` is what the server keeps for a stream, such as the stream with its tokens already framed.
public struct StreamStore<Held> {
  /// The most streams held at a time.
  public let capacity: Int
  /// How long a finished stream can still be read.
  public let retention: Duration
  private let batching: Batching?
  private var streams: [StreamID: Held] = [:]
  /// Pieces of text of all answers, whether they are generated already or not; of one that was stopped, only those that
  /// are written. Also of those that expired and that a reader still has.
  private let text: Budget
  /// Finished streams in the order in which they expire.
  private var expiring = WaitingLine<(id: StreamID, at: Instant)>()

  /// - Parameter batching: how its streams gather tokens; nil where they do not.
  public init(
    capacity: Int, pieceCapacity: Int = .max, retention: Duration, batching: Batching? = nil
  ) {
    self.batching = batching
    self.capacity = capacity
    text = Budget(limit: pieceCapacity)
    self.retention = retention
  }

  public var count: Int { streams.count }

  public subscript(id: StreamID) -> Held? { streams[id] }

  /// Starts a stream.
  /// - Parameters:
  ///   - whenMore: called from any thread, when there is more of the answer than could be foretold.
  ///   - hold: makes what is kept for it.
  /// - Throws: `StoreFull`.
  public mutating func start(
    _ posed: PosedQuestion, now: Instant, resumingAt index: Int = 0,
    whenMore: @escaping @Sendable (StreamID) -> Void = { _ in }, hold: (LiveStream) -> Held
  ) throws(StoreFull) -> Held {
    expire(at: now)
    guard streams.count < capacity else { throw StoreFull(what: .streams, roomAt: expiring.first?.at) }
    guard let reservation = text.reserve(posed.foretold?.pieceCount ?? 1) else {
      throw StoreFull(what: .text, roomAt: expiring.first?.at)
    }
    var generator = SystemRandomNumberGenerator()
    var id = StreamID(using: &generator)
    while streams[id] != nil { id = StreamID(using: &generator) }
    let name = id
    // Whoever is foretold has nothing more to tell.
    let tell: @Sendable () -> Void = if posed.foretold == nil { { whenMore(name) } } else { {} }
    let stream = LiveStream(
      id: id, answering: posed, now: now, resumingAt: index, batching: batching, reservation: reservation,
      whenMore: tell)
    let held = hold(stream)
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
    while let next = expiring.first, next.at <= now {
      _ = expiring.popFirst()
      streams[next.id] = nil
    }
    return expiring.first?.at
  }
}

/// The store holds as many streams as it may, or as much text.
public struct StoreFull: Error {
  public enum What: Sendable {
    case streams
    case text
  }

  /// Of which there is as much as may be.
  public var what: What
  /// When the next finished stream expires; nil if none is finished.
  public var roomAt: Instant?
}
