import CLibwebsockets
import Glibc
import MonotonicTime

/// Where connections come in. It counts them, and hands a connection to libwebsockets once its first head is
/// there and in order; until then it costs a descriptor and a few hundred bytes, however slowly it speaks.
final class Door: Watcher {
  private let socket: ListeningSocket
  unowned let loop: Loop
  private let vhost: OpaquePointer
  fileprivate let headCheck: HeadCheck
  private var visitors: [CInt: Visitor] = [:]
  private lazy var pause = Timer { [unowned self] _ in listen() }

  /// Connections taken in one go, before others get their turn.
  private static let atOnce = 64

  init(_ socket: ListeningSocket, _ loop: Loop, _ vhost: OpaquePointer) {
    self.socket = socket
    self.loop = loop
    self.vhost = vhost
    headCheck = HeadCheck(limits: loop.limits, unreadableNames: unreadableFieldNames())
    listen()
  }

  private func listen() {
    loop.events.watch(socket.descriptor, for: clws_epoll_in, self)
  }

  func descriptorIsReady() {
    for _ in 0..<Self.atOnce {
      guard let (descriptor, address) = socket.accept() else {
        if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM { rest() }
        return
      }
      switch loop.peers.admit(address, now: loop.now) {
      case .admitted(let slot):
        setOption(CInt(IPPROTO_TCP), TCP_NODELAY, 1, on: descriptor)
        setOption(CInt(IPPROTO_TCP), TCP_NOTSENT_LOWAT, CInt(Session.unsentBytes), on: descriptor)
        // The backstop for what only the kernel knows of: a response that went into it whole and is not read.
        let patience = loop.limits.stallTime + .seconds(1)
        setOption(
          CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, CInt(clamping: patience.inNanoseconds / 1_000_000),
          on: descriptor)
        let visitor = Visitor(descriptor, slot, self)
        visitors[descriptor] = visitor
        visitor.descriptorIsReady()
      case .refused(let problem):
        refuse(descriptor, problem)
      }
    }
  }

  /// No descriptor is left: whoever waits, waits in the kernel.
  private func rest() {
    loop.events.remove(socket.descriptor)
    loop.set(pause, at: loop.now.advanced(by: .milliseconds(50)))
  }

  /// The visitor's first head is in order.
  fileprivate func letIn(_ visitor: Visitor) {
    visitors[visitor.descriptor] = nil
    loop.events.remove(visitor.descriptor)
    var info = lws_adopt_desc_t()
    info.vh = vhost
    info.type = lws_adoption_type(rawValue: LWS_ADOPT_SOCKET.rawValue | LWS_ADOPT_HTTP.rawValue)
    info.fd.sockfd = visitor.descriptor
    info.opaque = UnsafeMutableRawPointer(bitPattern: visitor.slot + 1)
    // libwebsockets closes what it cannot adopt.
    if lws_adopt_descriptor_vhost_via_info(&info) == nil { loop.peers.leave(visitor.slot) }
    if !loop.reminder.isSet { loop.remindOfTimeouts(loop.now) }
  }

  fileprivate func turnAway(_ visitor: Visitor, _ problem: RequestProblem?) {
    visitors[visitor.descriptor] = nil
    loop.events.remove(visitor.descriptor)
    loop.peers.leave(visitor.slot)
    if let problem {
      refuse(visitor.descriptor, problem)
    } else {
      Glibc.close(visitor.descriptor)
    }
  }

  private func refuse(_ descriptor: CInt, _ problem: RequestProblem) {
    if let service = loop.service, loop.takesLingering {
      loop.say(service.response(to: problem, of: nil), on: descriptor)
      loop.linger(descriptor)
    } else {
      Glibc.close(descriptor)
    }
  }

  func close() {
    for visitor in visitors.values {
      visitor.leave()
      Glibc.close(visitor.descriptor)
    }
    visitors = [:]
    Glibc.close(socket.descriptor)
  }
}

/// A connection whose first head has not come whole.
private final class Visitor: Watcher {
  let descriptor: CInt
  let slot: Peers.Slot
  private unowned let door: Door
  private var timer: Timer?
  private var hasSpoken = false
  /// One empty line may come first (RFC 9112, section 2.2).
  private var hasSkippedLine = false
  private var isWatched = false

  init(_ descriptor: CInt, _ slot: Peers.Slot, _ door: Door) {
    self.descriptor = descriptor
    self.slot = slot
    self.door = door
  }

  /// Looks at what has come and leaves it where it is, for libwebsockets to read.
  func descriptorIsReady() {
    // Asked first: what has come by the end is then all there is to look at.
    let hasEnded = clws_peer_has_ended(descriptor) != 0
    switch verdict() {
    case .whole:
      leave()
      door.letIn(self)
    case .refused(let problem):
      leave()
      door.turnAway(self, problem)
    case .incomplete where hasEnded:
      leave()
      door.turnAway(self, .malformed)
    case .incomplete:
      wait()
    case nil:
      leave()
      door.turnAway(self, nil)
    }
  }

  /// - Returns: nil where the connection has ended.
  private func verdict() -> HeadCheck.Verdict? {
    withUnsafeTemporaryAllocation(byteCount: door.loop.limits.headBytes, alignment: 1) { buffer in
      func peek() -> UnsafeRawBufferPointer? {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_PEEK))
        if count == 0 || count < 0 && errno != EAGAIN { return nil }
        return UnsafeRawBufferPointer(rebasing: buffer[..<max(0, count)])
      }
      guard var bytes = peek() else { return nil }
      let emptyLine = HeadCheck.emptyLine(bytes)
      if emptyLine > 0, !hasSkippedLine {
        hasSkippedLine = true
        _ = recv(descriptor, buffer.baseAddress, emptyLine, 0)
        guard let rest = peek() else { return nil }
        bytes = rest
      }
      return door.headCheck.judge(bytes)
    }
  }

  private func wait() {
    // Edge-triggered, since what was looked at stays there.
    if !isWatched { door.loop.events.watch(descriptor, for: clws_epoll_in_edge, self) }
    isWatched = true
    var unread: CInt = 0
    _ = ioctl(descriptor, UInt(FIONREAD), &unread)
    guard timer == nil || !hasSpoken && unread > 0 else { return }
    hasSpoken = unread > 0
    let limits = door.loop.limits
    let timer = timer ?? Timer { [unowned self] _ in isLate() }
    self.timer = timer
    door.loop.set(
      timer, at: door.loop.now.advanced(by: hasSpoken ? limits.requestTime : limits.idleTime))
  }

  /// One that never spoke is closed without a word, as between two requests.
  private func isLate() {
    leave()
    door.turnAway(self, hasSpoken ? .requestTimeout : nil)
  }

  func leave() {
    if let timer { door.loop.cancel(timer) }
    timer = nil
  }
}
