import MonotonicTime
import PlainText
import Wire

/// What is said of a stream once it was read.
public struct TapReport: Sendable {
  public var head: ReceivedHead?
  public var format: TapReading.Format
  public var pieces: [TappedPiece]
  public var faults: [StandardFault]
  public var delivery: Delivery
  public var intermediary: Intermediary?
  /// From the request to the head.
  public var timeToHead: Duration?
  public var bodyBytes: Int
  /// The connection ended before the response did.
  public var isCut = false

  private let isWebSocket: Bool

  init(_ reading: TapReading) {
    isWebSocket = reading.isWebSocket
    head = reading.head
    format = reading.format
    pieces = reading.pieces
    faults = reading.faults
    bodyBytes = reading.bodyBytes
    let asked = reading.asked
    timeToHead = reading.headAt.map { asked.duration(to: $0) }
    intermediary = reading.head.flatMap { Intermediary(in: $0) }
    let parts = reading.pieces.filter { !$0.isSignOfLife }.map { Delivery.Part(at: $0.at, read: $0.read) }
    delivery =
      reading.format == .whole
      ? .unknown(reading.coding.map { "its body is encoded as \($0)" } ?? "it is no stream")
      : Delivery(parts, heard: reading.heard)
  }

  /// Fields of the head that tell who stood between.
  public var telling: [ReceivedHead.Field] { head?.telling ?? [] }

  /// Whether the server gave what was asked for, and did not refuse it.
  public var isAnswered: Bool {
    guard let head else { return false }
    return isWebSocket ? head.status == 101 : (200..<300).contains(head.status)
  }

  /// Whether its parts come when they are there.
  public var streams: Bool { delivery.isLetThrough && isAnswered && !isCut }

  /// In one line.
  public var verdict: String {
    guard let head else { return "nothing came" }
    guard isAnswered else {
      return
        "the answer is \(head.status)\(head.reason.isEmpty ? "" : " \(head.reason)"), and no \(isWebSocket ? "WebSocket" : "stream")"
    }
    let who = intermediary.map { "; \($0.name) answers, so \($0.advice)" } ?? ""
    switch delivery {
    case .streams(let arrivals):
      let came = "\(pieces.count) parts came in \(arrivals) arrivals"
      return isCut ? "cut: \(came), and the connection ended before the response did" : "streams: \(came)"
    case .heldBack(let count, let silence):
      return "held back: \(count) parts came at once after a silence of \(silence.words)\(who)"
    case .inBatches(let mean, let period):
      return "in batches: \(mean.rounded1) parts at a time, about every \(period.words)\(who)"
    case .unknown(let why):
      let error = pieces.last { $0.name == "error" }.map { "; an event 'error' says: \($0.text)" }
      return "cannot be told: \(why)\(error ?? "")"
    }
  }
}

extension ReceivedHead {
  /// Fields that tell who stood between, and who may gather.
  var telling: [Field] {
    let names: Set = [
      "via", "server", "content-type", "content-encoding", "transfer-encoding", "content-length",
      "cache-control", "x-accel-buffering", "x-cache", "x-varnish", "incremental", "alt-svc",
    ]
    return fields.filter { names.contains($0.name) }
  }
}

extension Duration {
  /// In milliseconds, or seconds where there are many.
  var words: String {
    inMilliseconds < 10_000 ? "\(inMilliseconds.rounded1) ms" : "\(inSeconds.rounded1) s"
  }
}

extension Double {
  /// With one digit behind the point.
  var rounded1: String { text(digits: 1) }
}
