import CLibwebsockets
import Glibc
import MonotonicTime

/// A connection that speaks HTTP/1: reads requests, one after the other, and has each answered by a session.
///
/// What comes behind a request waits until the answer has left, and is then served in its turn (RFC 9112, section
/// 9.3.2): in the kernel, but for what came in one read with it. A request that is refused is the last; the answer
/// says so, the sending side is closed behind it, and what still comes is dropped until the peer has had time to
/// read it (section 9.6).
///
/// It reads the socket itself. libwebsockets, which writes, knows it as a bare socket from its first request on: until
/// then it costs a descriptor and a few hundred bytes, however slowly it speaks.
final class Connection: DescriptorWatch, DueAction {
  enum Stage {
    /// A head is to come, or the rest of one.
    case head
    /// A request's body is to come.
    case body(BodyReading)
    /// A session answers.
    case answering
    /// All is said.
    case lingering(bytesLeft: Int)
    /// It is closed, or about to be.
    case closed
  }

  /// The loop keeps each connection until its descriptor is closed.
  unowned let loop: Loop
  var stage = Stage.head
  var duePlace = DuePlace.nowhere
  /// Its place among the peers; nil once a WebSocket has taken it over.
  var slot: Peers.Slot?
  /// libwebsockets' name for it.
  var wsi: OpaquePointer?
  /// What has come and waits for its turn.
  var unread: [UInt8] = []
  var scan = HeadScan()
  var session: Session?
  /// The peer will send no more.
  var hasEnded = false
  /// Something of the next request has come.
  var hasSpoken = false
  var isServing = false
  var isToldLastWord = false
  /// One that is to take what ended sessions have said; nil also while a session looks after it.
  var slowReader: SlowReader?
  /// When the stage must be over.
  var deadline: Instant?
  /// What is set in the loop. It is not moved with every request, which would cost more than to look in vain.
  var alarm: Instant?

  init(_ descriptor: CInt, _ slot: Peers.Slot, _ loop: Loop) {
    self.slot = slot
    self.loop = loop
    super.init(descriptor, on: loop.eventLoop)
  }

  /// Reads what is there already, and waits for more.
  func begin() {
    setDeadline(loop.limits.idleTime)
    watch()
    descriptorIsReady()
  }

  override func descriptorIsReady() {
    loop.readClock()
    switch stage {
    case .head, .body, .answering: read()
    case .lingering(var left):
      guard LastWord.drop(from: descriptor, left: &left, into: loop.readBuffer) else { return close() }
      stage = .lingering(bytesLeft: left)
    case .closed: stopWatching()
    }
  }

  func read() {
    let count = recv(descriptor, loop.readBuffer.baseAddress, loop.readBuffer.count, CInt(MSG_DONTWAIT))
    switch count {
    case 1...:
      take(UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count]))
    case 0:
      hasEnded = true
      session?.peerEndedSending()
    case _ where errno == EAGAIN || errno == EINTR:
      return
    default:
      return close()
    }
    settle()
  }

  private func take(_ bytes: UnsafeRawBufferPointer) {
    if unread.isEmpty {
      let used = serve(bytes)
      if used < bytes.count { unread.append(contentsOf: bytes[used...]) }
    } else {
      unread.append(contentsOf: bytes)
      serveUnread()
    }
  }

  func serveUnread() {
    let used = unread.withUnsafeBytes(serve)
    if used == unread.count { unread = [] } else { unread.removeFirst(used) }
  }

  /// - Returns: how many of the bytes are done with.
  private func serve(_ bytes: UnsafeRawBufferPointer) -> Int {
    isServing = true
    defer { isServing = false }
    var used = 0
    while used < bytes.count {
      let taken = takeNext(UnsafeRawBufferPointer(rebasing: bytes[used...]))
      guard taken > 0 else { break }
      used += taken
    }
    return used
  }

  /// - Returns: how many of the bytes are done with; 0 where more must come, or others have their turn.
  private func takeNext(_ bytes: UnsafeRawBufferPointer) -> Int {
    switch stage {
    case .head:
      switch scan.look(at: bytes, loop.limits) {
      case .incomplete:
        return 0
      case .emptyLine(let count):
        scan = HeadScan()
        return count
      case .whole(let count):
        scan = HeadScan()
        return count + take(head: UnsafeRawBufferPointer(rebasing: bytes[..<count]), behind: bytes[count...])
      case .refused(let problem):
        refuse(problem, unread: bytes)
        return bytes.count
      }
    case .body(let reading):
      guard let count = reading.take(bytes) else {
        refuse(.tooMuchPending, of: reading.request)
        return bytes.count
      }
      if reading.isWhole { answer(reading.request, reading.persistence) }
      return count
    case .answering:
      return 0
    case .lingering, .closed:
      return bytes.count
    }
  }
}
