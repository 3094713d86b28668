import LWS
import TokenStream
import Wire

/// A stream with its tokens made ready to travel: each token is put into JSON once, and framed once for each
/// framing that somebody reads, however many readers there are. Tokens are framed as they are written, several at a
/// time, and so ahead of the instant at which they may be sent.
package final class FramedLog {
  package let stream: LiveStream
  /// Who generates its next token; nil once the stream has ended.
  unowned var driver: Streams?
  package var duePlace = DuePlace.nowhere
  /// Somebody has read it since that was last asked.
  var wasRead = false
  private var events: [Frame] = []
  private lazy var startOfEvents = [UInt8](startOfEventsOf: log.epoch)
  private var bareEvents: [Frame] = []
  private static let startOfBareEvents = [UInt8](startOfEventsOf: nil)
  private var messages: [Frame] = []
  private var payloads: [[UInt8]] = []
  /// Where what is framed is put together; kept for its memory.
  private var scratch: [UInt8] = []

  package init(_ stream: LiveStream) {
    self.stream = stream
  }

  var log: TokenLog { stream.log }

  /// How many tokens are there.
  var count: Int { log.count }

  private func token(_ index: Int) -> TokenPayload { TokenPayload(index: index, token: log.texts[index]) }

  /// A token's JSON.
  func payload(_ index: Int) -> [UInt8] {
    while payloads.count <= index { payloads.append(token(payloads.count).json) }
    return payloads[index]
  }

  /// A token as an event of an event stream.
  package func event(_ index: Int) -> Frame {
    if index >= events.count { frameEvents() }
    return events[index]
  }

  private func frameEvents() {
    for index in events.count..<log.written { events.append(framedEvent(index, start: startOfEvents)) }
  }

  /// The same with its index alone for an ID.
  func bareEvent(_ index: Int) -> Frame {
    if index >= bareEvents.count {
      for index in bareEvents.count..<log.written {
        bareEvents.append(framedEvent(index, start: Self.startOfBareEvents))
      }
    }
    return bareEvents[index]
  }

  private func framedEvent(_ index: Int, start: [UInt8]) -> Frame {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(event: token(index), start: start)
    return Frame(.body, scratch)
  }

  /// A token as a WebSocket message.
  func message(_ index: Int) -> Frame {
    if index >= messages.count { frameMessages() }
    return messages[index]
  }

  private func frameMessages() {
    for index in messages.count..<log.written {
      scratch.removeAll(keepingCapacity: true)
      scratch.append(json: token(index))
      messages.append(Frame(.text, scratch))
    }
  }
}

/// A reader's place in a log: the index it needs next, and nothing else. While it lives, the log wakes its
/// session.
final class Cursor: LogReader {
  let source: FramedLog
  var next: Int
  // `unsafe` spares a count for each token: the session owns the responder that owns this cursor, so it outlives it.
  private unowned(unsafe) let session: any Wakeable
  private let lagLimit: Int
  private var hasCaughtUp = false
  var logPosition: Int?

  /// - Parameter lagLimit: how many tokens a reader may fall behind.
  init(_ source: FramedLog, from index: Int, lagLimit: Int, waking session: any Wakeable) {
    self.source = source
    next = index
    self.lagLimit = lagLimit
    self.session = session
    source.log.subscribe(self)
  }

  deinit {
    source.log.unsubscribe(self)
  }

  var memory: ReaderMemory {
    let ofSession = session.memory
    return [Unmanaged.passUnretained(self).toOpaque(), ofSession[0], ofSession[1]]
  }

  func logDidGrow() {
    session.wake()
  }

  var hasToken: Bool { next < source.count }
  var hasEnded: Bool { source.log.end != nil && !hasToken }

  /// The index of the token to send now.
  func advance() -> Int {
    defer {
      next += 1
      if next == source.count { hasCaughtUp = true }
    }
    return next
  }

  /// Whether a reader that had caught up fell behind by more than the limit. One that comes late to a stream has
  /// a lot to read and may take its time.
  var isTooFarBehind: Bool { hasCaughtUp && source.count - next > lagLimit }

  var lagText: String { "more than \(lagLimit) tokens behind: come back for the rest" }
}
