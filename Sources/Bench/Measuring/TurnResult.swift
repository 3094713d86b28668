import Measurement
import Wire

/// What one turn of an entry gave.
public struct TurnResult: Codable, Sendable {
  public var figures: [Figure: Double] = [:]
  /// Tokens that came while processor time was counted.
  public var deliveries = 0
  public var ledger = Ledger()
  /// The share of a processor that each side used meanwhile.
  public var serverShare = 0.0
  public var readersShare = 0.0
  /// What makes figures less certain.
  public var doubts: [FigureDoubt] = []
  /// How it was given its tokens; nil where it makes them itself.
  public var publishing: Publishing?
  /// What went wrong with readers, with how often.
  public var failures: [String: Int] = [:]

  public init() {}
}

/// A doubt, and the figures that it is about.
public struct FigureDoubt: Hashable, Codable, Sendable {
  public var figures: Set<Figure>
  public var doubt: Doubt

  static let delays: Set<Figure> = [.delayMedian, .delay99, .delay999]

  /// From this share of a processor on, what is measured is the readers as well.
  static let busyReaders = 0.7
  /// From this share on, a server is at its end.
  static let busyServer = 0.95
  /// From so many milliseconds on, delays are the publisher's too.
  static let latePublisher = 1.0
  /// From this share of the time on, something else runs on the processors.
  static let shared = 0.05

  /// What waiting for a processor raises.
  static func ofWaits(_ share: Double, _ figures: Set<Figure>) -> [FigureDoubt] {
    share > shared ? [FigureDoubt(figures: figures, doubt: .processorsShared(share: share))] : []
  }

  /// Those that the load of the two sides raises.
  static func ofShares(server: Double, readers: Double, _ figures: Set<Figure>) -> [FigureDoubt] {
    var doubts: [FigureDoubt] = []
    if readers > busyReaders {
      doubts.append(FigureDoubt(figures: figures, doubt: .readersBusy(share: readers)))
    }
    if server > busyServer { doubts.append(FigureDoubt(figures: figures, doubt: .serverBusy(share: server))) }
    return doubts
  }
}
