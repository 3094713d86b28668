import CLibwebsockets
import MonotonicTime

/// One HTTP exchange, or one WebSocket, from its first byte to its last.
///
/// It asks its responder for turns and carries them out. A piece that falls due is written at once, outside
/// of libwebsockets' writable callback, as long as the socket took the last one whole; otherwise the callback
/// says when to go on.
public final class Session: Wakeable, Watcher, DueAction {
  enum Kind {
    case exchange(Request.Method)
    case webSocket
  }

  enum Stage {
    case readingRequest
    case answering
    /// The body's head was sent; pieces follow.
    case streaming
    /// Nothing more to say; what is buffered still leaves.
    case answered
    case ended
  }

  // What every token needs stands first: of thousands of sessions, none is in the processor's cache.
  var wsi: OpaquePointer
  unowned let loop: Loop
  private let kind: Kind
  private(set) var persistence: Persistence
  var stage = Stage.readingRequest
  var awaitsWritable = false
  var isTurning = false
  var wasWokenWhileTurning = false
  var responder: (any Responder)?
  var tally: Tally?
  /// Is shown the bytes of each write, framing included.
  public var tap: ((UnsafeRawBufferPointer) -> Void)?
  var deadline: Instant?
  /// When the reader must have taken something, or the request's body must be there.
  var patience: Instant?
  /// What this session is set to in the loop: known here, the loop need not be asked for every token.
  var nextDue: Instant?
  var held = HeldSocket()
  /// Of a WebSocket.
  var silence: Silence?
  /// The peer is watched, where libwebsockets is a guest in our loop, until it has stirred.
  var joinedWatch: JoinedWatch?
  var hasStirred = false
  /// The same with a loop that is not ours.
  var isWatched = false
  private var isReadingPaused = false
  public var duePlace = DuePlace.nowhere
  var request: Request?
  private var message = MessageAssembly()

  /// Turns in a row before others get theirs.
  static let turnsInARow = 64
  /// What the kernel holds for a reader that does not read (`TCP_NOTSENT_LOWAT`); the rest waits in the log.
  public static let unsentBytes = 65_536

  init(wsi: OpaquePointer, loop: Loop, kind: Kind) {
    self.wsi = wsi
    self.loop = loop
    self.kind = kind
    persistence = readPersistence(wsi)
    if case .webSocket = kind { silence = Silence(limit: loop.limits.idleTime, now: loop.now) }
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
    guard stage == .answering || stage == .streaming else { return }
    if isTurning {
      wasWokenWhileTurning = true
    } else if !awaitsWritable {
      carryOut(takeTurns())
    }
  }

  public var memory: [2 of UnsafeMutableRawPointer] {
    [Unmanaged.passUnretained(self).toOpaque(), UnsafeMutableRawPointer(wsi)]
  }

  /// The connection's socket, for its options and figures to be read.
  public var descriptor: CInt { CInt(lws_get_socket_fd(wsi)) }

  /// Ends the connection without ceremony.
  public func abort() {
    loop.abort(wsi)
  }
}

extension Session {
  func answer(_ responder: any Responder) -> CInt {
    self.responder = responder
    stage = .answering
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
    return report(takeTurns())
  }

  func expectBody(of request: Request, size: Int) {
    self.request = request
    self.request?.body.reserveCapacity(size)
    wait(upTo: loop.limits.requestTime)
  }

  func received(body bytes: UnsafeRawBufferPointer) {
    request?.body.append(contentsOf: bytes)
    tally?.bytesReceived += bytes.count
  }

  func bodyArrived() -> CInt {
    guard stage == .readingRequest, let request, let service = loop.service else { return 0 }
    self.request = nil
    patience = nil
    return answer(service.responder(for: request, session: self))
  }

  func received(fragment bytes: UnsafeRawBufferPointer) -> CInt {
    guard stage == .answering || stage == .streaming else { return 0 }
    silence?.heard(at: loop.now)
    tally?.bytesReceived += bytes.count
    switch message.append(
      bytes, wsi, limit: loop.service?.messageLimit ?? 0, frameLimit: loop.limits.frameBytes)
    {
    case .incomplete:
      return 0
    case .tooLarge:
      close(1_009, "message too large")
      return 0
    case .whole(let message):
      guard responder != nil else { return 0 }
      // What it does may wake this very session; the turn comes once it is done.
      isTurning = true
      responder?.received(message)
      isTurning = false
      pauseReading()
      return 0
    }
  }

  func receivedPong() {
    silence?.heard(at: loop.now)
  }

  /// The peer has sent its close frame: libwebsockets answers that, and nothing is said behind it (RFC 6455,
  /// section 5.5.1).
  func peerCloses() {
    stage = .answered
    letGo()
  }

  /// Nothing more is read until the socket has taken what this message leads to. So a peer that sends and never
  /// reads costs one message, what it sends next cannot end the connection before its answer has left, and the
  /// answer does not overtake the pong that libwebsockets keeps for its writable callback.
  private func pauseReading() {
    isReadingPaused = true
    lws_rx_flow_control(wsi, 0)
    if !awaitsWritable { awaitWritable(alreadyAsked: false) }
  }

  private func resumeReading() {
    guard isReadingPaused, lws_partial_buffered(wsi) == 0 else { return }
    isReadingPaused = false
    lws_rx_flow_control(wsi, 1)
  }

  func socketIsWritable() -> CInt {
    guard stage == .answering || stage == .streaming else { return 0 }
    guard awaitsWritable else {
      // The answer to `HeldSocket.askForWaitingBytes`.
      if joinedWatch != nil { peerStirred() }
      return held.calledWithoutAsking(wsi) ? 0 : -1
    }
    awaitsWritable = false
    patience = nil
    let outcome = takeTurns()
    resumeReading()
    return report(outcome)
  }

  /// The reader has left while its response was held.
  func descriptorIsReady() {
    abort()
  }

  /// Answers with a last word, while the peer may still be sending.
  func refuse(_ problem: RequestProblem, of request: Request?) -> CInt {
    guard let service = loop.service else { return -1 }
    persistence.closes = true
    let answered = answer(Answer(service.response(to: problem, of: request)))
    loop.linger(behind: descriptor)
    return answered
  }

  func end() {
    unwatch()
    loop.cancel(self)
    stage = .ended
    responder = nil
    tap = nil
    tally?.open -= 1
    tally = nil
  }
}

extension Session {
  /// Whether it is a WebSocket, and not one HTTP exchange.
  public var isWebSocket: Bool {
    if case .webSocket = kind { true } else { false }
  }

  var isHeadRequest: Bool {
    if case .exchange(.head) = kind { true } else { false }
  }
}
