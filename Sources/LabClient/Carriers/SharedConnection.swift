import NIOCore
import NIOPosix
import Wire

/// Where the readers of one place find the connection with HTTP/2 that they share. It is opened for the first of them, and
/// anew where it is gone. Confined to its event loop.
final class SharedConnection {
  private let loop: any EventLoop
  private var session: HTTP2Session?
  /// Who reads when it stands and, where the first is to warm it, when it is warm.
  private var waiting: [Journey] = []
  private var isOpening = false

  init(on loop: any EventLoop) {
    self.loop = loop
  }

  /// Begins a conversation on it, at once or when that can be.
  func join(_ journey: Journey) {
    if let session, session.takesRequests, !isOpening {
      return HTTP2Carrier.converse(on: session, journey, isWarm: true)
    }
    waiting.append(journey)
    if !isOpening { open(for: journey) }
  }

  private func open(for journey: Journey) {
    isOpening = true
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
  func stands() {
    guard let session, !waiting.isEmpty else { return }
    HTTP2Carrier.converse(on: session, waiting.removeFirst(), isWarm: false)
  }

  /// It has been warmed, or is not to be.
  func isReady() {
    guard isOpening else { return }
    isOpening = false
    let journeys = waiting
    waiting = []
    for journey in journeys { join(journey) }
  }

  /// It could not be opened, or is gone.
  /// - Parameter gone: the one that is gone; nil where none stood.
  func isGone(_ gone: HTTP2Session? = nil, _ error: ReadError) {
    guard gone == nil || gone === session else { return }
    session = nil
    isOpening = false
    let journeys = waiting
    waiting = []
    for journey in journeys { journey.lost(error) }
  }
}
