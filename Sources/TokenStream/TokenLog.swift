import Answers
import Prefetching

/// Somebody who reads a log and is to be told when there is more of it.
public protocol LogReader: AnyObject {
  /// Tokens were appended, or the log ended. It may unsubscribe in the midst of this call.
  func logDidGrow()
  /// What it then needs. Asked once, when it subscribes.
  var nearby: Prefetch { get }
  /// Where the log keeps this reader; the log's alone to set.
  var logPosition: Int? { get set }
}

extension LogReader {
  /// The reader itself.
  public var nearby: Prefetch { Prefetch(self) }
}

/// The tokens of one stream, append-only. Readers hold an index into it and nothing else, so a slow one costs
/// nothing here. Confined to one thread.
///
/// A token is written first and shown later: it is not there for anybody before, but what is to be made of it can be
/// made for several in one go.
public final class TokenLog {
  /// How many tokens are there for readers.
  public private(set) var count = 0
  /// How many are written. `texts` knows it too, but lies somewhere else in memory.
  public private(set) var written = 0
  /// Whether it has an end. `end` knows it too, but is large, and this is asked for every token.
  public private(set) var hasEnded = false
  /// Set once, after which nothing is shown.
  public private(set) var end: Ending? {
    didSet { hasEnded = true }
  }
  private var readers: [Subscription] = []
  /// Token texts by index: those that are there, and behind them those that are not shown yet.
  public private(set) var texts: [String] = []
  public let epoch: Epoch

  private struct Subscription {
    /// Not kept, since a reader that goes away unsubscribes. `unsafe` spares a count up and down for each reader and
    /// token; it holds because a reader's `deinit` unsubscribes on the log's one thread, so that none is here that is
    /// gone.
    unowned(unsafe) let reader: any LogReader
    let nearby: Prefetch
  }

  /// How many readers ahead of the one that is woken.
  private static let prefetchDistance = 4

  public init(epoch: Epoch) {
    self.epoch = epoch
  }

  /// The texts of the tokens that are there.
  public var tokens: ArraySlice<String> { texts[..<count] }

  /// Puts a token behind the others, to be shown later.
  public func write(_ token: String) {
    texts.append(token)
    written += 1
  }

  /// Shows written tokens, and tells the readers.
  /// - Parameter count: how many tokens are there from now on.
  public func show(upTo count: Int) {
    uncover(upTo: count)
    wakeReaders()
  }

  /// Shows the last tokens; readers hear of them and of the end at once.
  public func show(upTo count: Int, end: Ending) {
    uncover(upTo: count)
    self.end = end
    wakeReaders()
  }

  private func uncover(upTo count: Int) {
    precondition(!hasEnded, "a log that has ended takes no more tokens")
    precondition((self.count...written).contains(count), "only what is written can be shown, and stays")
    self.count = count
  }

  /// Marks the end and wakes all readers; a log that has ended keeps its first ending.
  public func finish(_ ending: Ending) {
    guard !hasEnded else { return }
    end = ending
    wakeReaders()
  }

  /// Readers that would be woken by the next token.
  public var readerCount: Int { readers.count }

  public func subscribe(_ reader: any LogReader) {
    precondition(reader.logPosition == nil, "a reader subscribes once")
    reader.logPosition = readers.count
    readers.append(Subscription(reader: reader, nearby: reader.nearby))
  }

  /// Safe to call from the reader's deinit: it touches the others only.
  public func unsubscribe(_ reader: any LogReader) {
    guard let position = reader.logPosition else { return }
    reader.logPosition = nil
    let last = readers.count - 1
    if position != last {
      readers[position] = readers[last]
      readers[position].reader.logPosition = position
    }
    readers.removeLast()
  }

  /// Backwards, so that a reader that unsubscribes (the last takes its place) makes none be missed.
  private func wakeReaders() {
    var position = readers.count - 1
    while position >= 0 {
      if position < readers.count {
        if position >= Self.prefetchDistance { readers[position - Self.prefetchDistance].nearby.begin() }
        readers[position].reader.logDidGrow()
      }
      position -= 1
    }
  }
}
