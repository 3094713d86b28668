import CLibwebsockets
import Glibc
import MonotonicTime

/// Where connections come in, and are counted.
final class Door: DescriptorWatch {
  private let socket: ListeningSocket
  /// Owns this.
  private unowned let loop: Loop
  private lazy var pause = Timer { [unowned self] _ in watch() }

  /// Connections taken in one go, before others get their turn.
  private static let atOnce = 64

  init(_ socket: ListeningSocket, _ loop: Loop) {
    self.socket = socket
    self.loop = loop
    super.init(socket.descriptor, on: loop.eventLoop)
    watch()
  }

  deinit {
    stopWatching()
    close(descriptor)
  }

  override func descriptorIsReady() {
    loop.readClock()
    for _ in 0..<Self.atOnce {
      guard let (descriptor, address) = socket.accept() else {
        if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM { rest() }
        return
      }
      switch loop.peers.admit(address, now: loop.now) {
      case .admitted(let slot): letIn(descriptor, slot)
      case .refused(let problem): refuse(descriptor, problem)
      }
    }
  }

  /// No descriptor is left: whoever waits, waits in the kernel.
  private func rest() {
    stopWatching()
    loop.set(pause, at: loop.now.advanced(by: .milliseconds(50)))
  }

  private func letIn(_ descriptor: CInt, _ slot: Peers.Slot) {
    setOption(CInt(IPPROTO_TCP), TCP_NODELAY, 1, on: descriptor)
    setOption(CInt(IPPROTO_TCP), TCP_NOTSENT_LOWAT, CInt(Session.unsentBytes), on: descriptor)
    // The backstop for what only the kernel knows of: a response that went into it whole and is not read.
    setUserTimeout(loop.limits.kernelStallTime, on: descriptor)
    let connection = Connection(descriptor, slot, loop)
    loop.keep(connection)
    connection.begin()
  }

  private func refuse(_ descriptor: CInt, _ problem: RequestProblem) {
    if let service = loop.service, loop.takesLingering {
      ResponseBytes(
        service.response(to: problem, of: nil), date: loop.httpDate(), extra: [ResponseBytes.close]
      )
      .write { bytes in
        // As far as it does not fit into a fresh socket it is lost.
        send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)) >= 0
      }
      loop.linger(descriptor)
    } else {
      Glibc.close(descriptor)
    }
  }
}
