import CKernel
import Glibc
import MonotonicTime

/// The reader at the other end of a socket, waited for. As long as it is, its session looks after it; what that has
/// said may still be on its way when the session is over, and then the connection does.
struct SlowReader {
  private var patience: Patience

  init(_ limits: ConnectionLimits, now: Instant) {
    patience = Patience(limit: limits.stallTime, now: now)
  }

  var nextLook: Instant { patience.nextLook }

  /// Whether it has to be waited for until it has taken all: the kernel was told not to give it up.
  var isInOurCare: Bool { patience.hasLooked }

  mutating func sawProgress(at now: Instant) { patience.sawProgress(at: now) }

  fileprivate mutating func look(at now: Instant, on descriptor: CInt, isAllWritten: Bool) -> Patience.Step {
    patience.look(at: now, Self.progress(of: descriptor, isAllWritten))
  }

  private static func progress(of descriptor: CInt, _ isAllWritten: Bool) -> Patience.SendProgress {
    var figures = ckernel_connection()
    // Of a kernel that does not tell, all stay zero.
    _ = ckernel_connection_read(descriptor, 0, &figures)
    let hasArrived = figures.bytes_acknowledged + figures.bytes_retransmitted >= figures.bytes_sent
    return Patience.SendProgress(
      acknowledged: figures.bytes_acknowledged,
      isAllTaken: isAllWritten && figures.bytes_waiting == 0 && hasArrived)
  }

  /// Resets its connection once the descriptor is closed. Nothing more can be said to somebody who does not read: what the
  /// kernel holds for it goes at once.
  fileprivate static func drop(_ descriptor: CInt) {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    shutdown(descriptor, CInt(SHUT_RDWR))
  }
}

extension SlowReader? {
  /// Looks, when it is time, whether the reader has taken something. One that has taken all is the kernel's to wait for
  /// again; one that takes nothing is dropped. Either is nil behind it.
  /// - Parameter isAllWritten: the socket has taken all that there is for it.
  /// - Returns: false where it was dropped.
  mutating func isWaitedFor(at now: Instant, on descriptor: CInt, isAllWritten: Bool, by loop: Loop) -> Bool {
    guard let nextLook = self?.nextLook, nextLook <= now else { return true }
    switch self?.look(at: now, on: descriptor, isAllWritten: isAllWritten) {
    case nil, .wait:
      return true
    case .takeOver:
      setUserTimeout(.zero, on: descriptor)
      return true
    case .tookAll:
      setUserTimeout(loop.limits.kernelStallTime, on: descriptor)
      self = nil
      return true
    case .giveUp:
      SlowReader.drop(descriptor)
      loop.service?.didDropStalledReader()
      self = nil
      return false
    }
  }
}
