import Budgets
import CLibwebsockets
import MessageCompression
import MonotonicTime
import Prefetching

/// One HTTP exchange, or one WebSocket, from its first byte to its last.
///
/// It asks its responder for turns and carries them out. A piece that falls due is written at once, outside
/// of libwebsockets' writable callback, as long as the socket took the last one whole; otherwise the callback
/// says when to go on.
public final class Session: Wakeable, DueAction {
  enum Kind {
    case exchange(Request.Method)
    case webSocket
  }

  enum Stage {
    case answering
    /// The body's head was sent; pieces follow.
    case streaming
    /// Nothing more to say; what is buffered still leaves.
    case answered
    case ended
  }

  // What every piece needs stands first: of thousands of sessions, none is in the processor's cache.
  let wsi: OpaquePointer
  unowned let loop: Loop
  private let kind: Kind
  private(set) var persistence: Persistence
  var stage = Stage.answering
  var awaitsWritable = false
  var isTurning = false
  /// The connection is about to end, and nothing more is said on it.
  private var isAborted = false
  var wasWokenWhileTurning = false
  var responder: (any Responder)?
  var tally: Tally?
  /// Is shown the bytes of each write, framing included.
  public var tap: ((UnsafeRawBufferPointer) -> Void)?
  /// Called once when the session ends, while its descriptor is still open, with whether all was said that there
  /// was to say, and left.
  public var whenEnding: ((_ isWhole: Bool) -> Void)?
  /// Changed by what stands beside it, in `SessionWaiting`, alone.
  var waits = SessionWaits()
  /// Of a WebSocket whose client offered it.
  private(set) var compression: SocketCompression?
  public var duePlace = DuePlace.nowhere
  /// Changed in `SessionReceiving` alone.
  var receipt = SessionReceipt()
  /// Of an exchange, until its end.
  private(set) var connection: Connection?
  /// Answers so large that they may wait for the reader outside of the kernel have their room reserved.
  var reservation: Budget.Reservation?
  /// A WebSocket's place among the peers.
  private let slot: Peers.Slot?

  /// Turns in a row before others get theirs.
  static let turnsInARow = 64
  /// What the kernel holds for a reader that does not read (`TCP_NOTSENT_LOWAT`); the rest waits with the responder.
  public static let unsentBytes = 65_536
  /// Bytes of the response that opens a WebSocket, which libwebsockets writes before the session begins.
  public var openingBytes: Int { 129 + (compression?.openingBytes ?? 0) }

  /// An exchange.
  init(
    _ wsi: OpaquePointer, _ connection: Connection, _ method: Request.Method, _ persistence: Persistence
  ) {
    self.wsi = wsi
    loop = connection.loop
    kind = .exchange(method)
    self.persistence = persistence
    self.connection = connection
    slot = nil
  }

  init(webSocket wsi: OpaquePointer, _ loop: Loop, _ slot: Peers.Slot, _ compressing: CompressionTerms?) {
    self.wsi = wsi
    self.loop = loop
    kind = .webSocket
    persistence = Persistence(isHTTP11: true, connection: [])
    self.slot = slot
    compression = compressing.map(SocketCompression.init)
    waits.listen(from: loop.now, for: loop.limits.idleTime)
    if compression != nil { loop.compressedWebSockets += 1 }
  }

  /// Counts this session's traffic, from now on, into a tally that others may share.
  public func count(in tally: Tally) {
    self.tally?.open -= 1
    self.tally = tally
    tally.open += 1
    tally.opened += 1
  }

  /// Gives the responder a turn, at once where the socket can take something.
  public func wake() {
    guard stage == .answering || stage == .streaming, !isAborted else { return }
    if isTurning {
      wasWokenWhileTurning = true
    } else if !awaitsWritable {
      carryOut(takeTurns())
    }
  }

  public var nearby: Prefetch { Prefetch(self, wsi) }

  /// The connection's socket, for its options and figures to be read.
  public var descriptor: CInt { CInt(lws_get_socket_fd(wsi)) }

  /// Ends the connection without ceremony, before the loop sleeps.
  public func abort() {
    if stage == .ended || isAborted { return }
    willAbort()
    if let connection { connection.close() } else { loop.beforeSleep.abort(wsi) }
  }

  /// Until the loop sleeps, others still have their turns, and may wake this one.
  func willAbort() {
    isAborted = true
    cancelDue()
  }

  /// Whether it is a WebSocket, and not one HTTP exchange.
  public var isWebSocket: Bool {
    if case .webSocket = kind { true } else { false }
  }

  var isHeadRequest: Bool {
    if case .exchange(.head) = kind { true } else { false }
  }
}

extension Session {
  func answer(_ responder: consuming any Responder) {
    self.responder = responder
    carryOut(takeTurns())
  }

  /// The answer will have no end but the connection's.
  func endsWithConnection() {
    persistence.close()
  }

  func socketIsWritable() {
    guard awaitsWritable, !isAborted else { return }
    awaitsWritable = false
    waits.tookSomething(at: loop.now)
    if stage == .answered {
      if lws_partial_buffered(wsi) == 0 { connection?.didAnswer() } else { awaitWritable(alreadyAsked: true) }
    } else if stage != .ended {
      carryOut(takeTurns())
      resumeReading()
    }
  }

  /// The peer of an exchange will send no more. It may wait for the answer (RFC 9112, section 9.6), or have left: it
  /// is told something harmless, which a peer that is gone answers with a reset.
  func peerEndedSending() {
    switch stage {
    case .answering where persistence.takesChunks && !isTurning: Interim.continue.write(to: wsi)
    case .streaming:
      responder?.peerEndedSending()
      wake()
    default: break
    }
  }

  func end() {
    guard stage != .ended else { return }
    let hasAnswered = stage == .answered
    stage = .ended
    cancelDue()
    whenEnding?(hasAnswered && lws_partial_buffered(wsi) == 0)
    whenEnding = nil
    responder = nil
    tap = nil
    tally?.open -= 1
    tally = nil
    connection = nil
    reservation = nil
    guard let slot else { return }
    if compression != nil { loop.compressedWebSockets -= 1 }
    compression = nil
    loop.peers.leave(slot)
    loop.webSockets[ObjectIdentifier(self)] = nil
  }
}
