import MonotonicTime
import NIOCore
import NIOPosix
import Wire

/// Where readers find the connection with HTTP/2 that they share, or that one of them has for itself. It is opened for the
/// first of them, anew where it is gone, and closed behind the last. Confined to its event loop.
final class SharedConnection {
  private let loop: any EventLoop
  private var session: HTTP2Session?
  /// Those that take no further request, and still answer some.
  private var retired: [HTTP2Session] = []
  /// Who is to open it and, where it is to be warm, to warm it, until that is done.
  private var opener: Journey?
  /// Who reads then; with when each came.
  private var waiting: [(journey: Journey, since: Instant)] = []
  /// Journeys that are not over.
  private var members = 0
  /// What connections carried that are gone.
  private var carried = Carried()
  /// Whether the kernel told of each of them.
  private var isCounted = true

  init(on loop: any EventLoop) {
    self.loop = loop
  }

  /// A journey begins.
  func enter() { members += 1 }

  /// A journey is over. The last of them has all that was carried, for all of them.
  func leave(_ journey: Journey) {
    waiting.removeAll { $0.journey === journey }
    members -= 1
    guard members == 0 else {
      if journey === opener { passOn() }
      return
    }
    opener = nil
    let all = retired + [session].compactMap(\.self)
    retired = []
    session = nil
    for session in all { add(session.close()) }
    journey.add(carried)
    if !isCounted { journey.reading.isCounted = false }
    carried = Carried()
    isCounted = true
  }

  /// Begins a conversation on it, at once or when that can be.
  func join(_ journey: Journey) {
    // The opener comes back where its first request was refused.
    guard opener == nil || opener === journey else { return waiting.append((journey, .now)) }
    guard let session, session.takesRequests else { return open(for: journey) }
    HTTP2Carrier.converse(on: session, journey, opensConnection: journey === opener)
  }

  /// Who was to make it ready does not.
  private func passOn() {
    opener = nil
    let waited = waiting
    waiting = []
    for (journey, _) in waited { join(journey) }
  }

  private func open(for journey: Journey) {
    opener = journey
    if let session { retired.append(session) }
    let opening = NIOLoopBound((self, journey.plan), eventLoop: loop)
    ClientBootstrap(readingOn: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let (shared, plan) = opening.value
          shared.session = try HTTP2Session.install(on: channel, plan, shared)
        }
      }
      .connect(to: journey.plan.server, on: loop)
      .whenFailure { opening.value.0.isGone(nil, ReadError($0)) }
  }

  /// It stands. Who opened it is the first to use it.
  func stands(_ standing: HTTP2Session) {
    // Who opened it may have left, or have opened another.
    guard standing === session, let opener else { return }
    HTTP2Carrier.converse(on: standing, opener, opensConnection: true)
  }

  /// It has been warmed, or is not to be. Who has waited comes as far apart as it came.
  func isReady() {
    guard opener != nil else { return }
    opener = nil
    let waited = waiting
    waiting = []
    for (journey, since) in waited {
      let apart = NIOLoopBound((self, journey), eventLoop: loop)
      loop.scheduleTask(in: TimeAmount(waited[0].since.duration(to: since))) {
        let (shared, journey) = apart.value
        if !journey.isOver { shared.join(journey) }
      }
    }
  }

  /// It could not be opened, or is gone.
  /// - Parameters:
  ///   - gone: the one that is gone; nil where none was made.
  ///   - hasStood: whether it did, so that its conversations know by themselves.
  func isGone(_ gone: HTTP2Session?, hasStood: Bool = false, _ error: ReadError) {
    if let gone, let place = retired.firstIndex(where: { $0 === gone }) {
      add(retired.remove(at: place).noteCount())
      return
    }
    guard gone == nil || gone === session else { return }
    if gone != nil, let session { add(session.noteCount()) }
    session = nil
    if hasStood { return passOn() }
    let left = [opener].compactMap(\.self) + waiting.map(\.journey)
    opener = nil
    waiting = []
    for journey in left { journey.lost(error) }
  }

  private func add(_ more: Carried?) {
    guard let more else {
      isCounted = false
      return
    }
    carried = carried + more
  }
}
