import CKernel
import CLibwebsockets
import Glibc
import MonotonicTime

/// What a session waits for, each with its end.
struct SessionWaits {
  /// The responder's.
  fileprivate var deadline: Instant?
  /// With a reader whose socket can take nothing.
  fileprivate var patience: Patience?
  /// What the session is set to in the loop: known here, the loop need not be asked for every piece.
  fileprivate var nextDue: Instant?
  /// Of a WebSocket.
  fileprivate var silence: Silence?

  /// A WebSocket's peer may be silent for so long before it is asked whether it is there.
  mutating func listen(from now: Instant, for limit: Duration) {
    silence = Silence(limit: limit, now: now)
  }

  mutating func heard(at now: Instant) { silence?.heard(at: now) }

  mutating func tookSomething() {
    // Who is looked after in the kernel's place is so until all has arrived.
    if patience?.acknowledged == nil { patience = nil }
  }

  fileprivate var next: Instant? { earliest(deadline, earliest(patience?.nextLook, silence?.next)) }
}

/// How long a reader is waited for.
private struct Patience {
  /// When to look whether it has taken something.
  var nextLook: Instant
  /// When it was last seen to have taken something.
  var lastProgress: Instant
  /// How many bytes it had acknowledged then; nil before the first look.
  var acknowledged: UInt64?

  /// What a look finds.
  enum Finding {
    case waits(Patience)
    case tookAll
    case tookNothing
  }
}

/// Waiting: for the socket, for the responder, for a WebSocket's peer.
extension Session {
  /// - Parameter alreadyAsked: whether libwebsockets asks for the callback by itself, as it does behind a write that
  ///   the socket did not take whole.
  func awaitWritable(alreadyAsked: Bool) {
    awaitsWritable = true
    if !alreadyAsked { lws_callback_on_writable(wsi) }
    // Not looked at here: most waits are over before the first look.
    if waits.patience == nil {
      waits.patience = Patience(nextLook: loop.now.advanced(by: timeBetweenLooks), lastProgress: loop.now)
    }
    setDue()
  }

  /// Nothing to write for now.
  func hold(until deadline: Instant?) {
    waits.deadline = deadline
    setDue()
  }

  private func setDue() {
    guard let next = waits.next, next != waits.nextDue else { return }
    waits.nextDue = next
    loop.set(self, at: next)
  }

  public func comeDue(at now: Instant) {
    waits.nextDue = nil
    if let patience = waits.patience, patience.nextLook <= now {
      switch look(patience, at: now) {
      case .waits(let renewed): waits.patience = renewed
      case .tookAll:
        waits.patience = nil
        setKernelLimit(loop.limits.kernelStallTime)
      case .tookNothing: return runOutOfPatience()
      }
    }
    guard breakSilence(at: now) else { return abort() }
    if let deadline = waits.deadline, deadline <= now {
      // Spent, also where the turn has to wait until the socket takes something.
      waits.deadline = nil
      wake()
    }
    if stage != .ended { setDue() }
  }

  /// Pings a WebSocket that has been silent.
  /// - Returns: false where it is given up.
  private func breakSilence(at now: Instant) -> Bool {
    switch waits.silence?.step(at: now) {
    case nil, .wait:
      return true
    case .ping where awaitsWritable || lws_partial_buffered(wsi) != 0:
      waits.silence?.postpone(at: now)
      return true
    case .ping:
      waits.silence?.didPing(at: now)
      // Not an empty one: libwebsockets says nothing of its pong.
      guard send(Frame(.ping, Array("there?".utf8))) else { return false }
      if lws_partial_buffered(wsi) != 0 { awaitWritable(alreadyAsked: true) }
      return true
    case .giveUp:
      return false
    }
  }

  private var timeBetweenLooks: Duration { loop.limits.stallTime / 4 }

  /// The kernel says that a socket can take more only once half of what waits in it has left, so a slow reader is known
  /// by what it acknowledges.
  private func look(_ patience: Patience, at now: Instant) -> Patience.Finding {
    var figures = ckernel_connection()
    // Of a kernel that does not tell, all stay zero.
    _ = ckernel_connection_read(descriptor, 0, &figures)
    var renewed = patience
    renewed.nextLook = now.advanced(by: timeBetweenLooks)
    if figures.bytes_acknowledged != patience.acknowledged {
      // The kernel's own limit counts for as long as the peer's window does not hold a whole segment, also while bytes
      // are acknowledged.
      if patience.acknowledged == nil { setKernelLimit(.zero) }
      renewed.acknowledged = figures.bytes_acknowledged
      renewed.lastProgress = now
    } else if !awaitsWritable, figures.bytes_waiting == 0,
      figures.bytes_acknowledged >= figures.bytes_sent - figures.bytes_retransmitted
    {
      return .tookAll
    } else if patience.lastProgress.duration(to: now) >= loop.limits.stallTime {
      return .tookNothing
    }
    return .waits(renewed)
  }

  /// - Parameter limit: how long the kernel waits for an acknowledgement (`TCP_USER_TIMEOUT`); zero is its own idea of it.
  private func setKernelLimit(_ limit: Duration) {
    var milliseconds = CInt(clamping: limit.inNanoseconds / 1_000_000)
    setsockopt(
      descriptor, CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds,
      socklen_t(MemoryLayout.size(ofValue: milliseconds)))
  }

  private func runOutOfPatience() {
    waits.patience = nil
    loop.service?.didDrop(stalled: self)
    // Nothing more can be said to somebody who does not read: what the kernel holds for it goes at once, and
    // libwebsockets does not wait for what it holds itself.
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    shutdown(descriptor, CInt(SHUT_RDWR))
    abort()
  }

  /// Nothing falls due any more.
  func cancelDue() {
    loop.cancel(self)
    waits = SessionWaits()
  }
}

private func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a, let b else { return a ?? b }
  return min(a, b)
}
