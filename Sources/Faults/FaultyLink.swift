import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import OpenDescriptors

/// A way from one reader to a server, on a port of its own, on which a plan's faults happen.
///
///     reader ──> port │ FaultFinder looks at what comes down │ ──> server
public final class FaultyLink: Sendable {
  /// Where the reader connects to, on 127.0.0.1.
  public let port: Int
  private let tally: NIOLockedValueBox<[Fault: Int]>
  private let link: NIOLoopBound<Link>
  private let loop: any EventLoop

  /// - Parameters:
  ///   - host: where the server listens; it may come later, or go and come back.
  ///   - loop: on which the link lives; one of NIO's own if left out.
  /// - Throws: `POSIXError`, where no port can be had.
  public init(
    to host: String = "127.0.0.1", port serverPort: Int, plan: FaultPlan,
    on loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
  ) async throws {
    let tally = NIOLockedValueBox<[Fault: Int]>([:])
    self.tally = tally
    self.loop = loop
    let reservation = try PortReservation()
    port = reservation.port
    link = try await loop.submit {
      let server = Link.Server(host: host, port: serverPort)
      return NIOLoopBound(Link(plan, server: server, reservation, tally: tally, loop), eventLoop: loop)
    }.get()
    do {
      try await loop.flatSubmit { [link] in link.value.listen() }.get()
    } catch let error as IOError {
      throw POSIXError(POSIXErrorCode(rawValue: error.errnoCode) ?? .EIO)
    }
  }

  /// The faults committed so far, by kind.
  public var counts: [Fault: Int] { tally.withLockedValue { $0 } }

  /// All of them.
  public var count: Int { counts.values.reduce(0, +) }

  /// Ends the link's connections and gives the port back.
  public func stop() async {
    try? await loop.submit { [link] in link.value.stop() }.get()
  }
}

/// The link's state, confined to its loop.
final class Link {
  struct Server {
    var host: String
    var port: Int
  }

  private(set) var finder: FaultFinder
  private let server: Server
  private let reservation: PortReservation
  private let tally: NIOLockedValueBox<[Fault: Int]>
  private let loop: any EventLoop
  private var listener: (any Channel)?
  private var connections: [ObjectIdentifier: LinkedConnection] = [:]
  private var isStopped = false

  init(
    _ plan: FaultPlan, server: Server, _ reservation: PortReservation,
    tally: NIOLockedValueBox<[Fault: Int]>, _ loop: any EventLoop
  ) {
    finder = FaultFinder(plan)
    self.server = server
    self.reservation = reservation
    self.tally = tally
    self.loop = loop
  }

  func listen() -> EventLoopFuture<Void> {
    let link = NIOLoopBound(self, eventLoop: loop)
    return ServerBootstrap(group: loop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.socketOption(NIOBSDSocket.Option(rawValue: SO_REUSEPORT)), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { link.value.connect($0) }
      .bind(host: "127.0.0.1", port: reservation.port)
      .map { link.value.isListening($0) }
  }

  private func isListening(_ channel: any Channel) {
    listener = channel
    if isStopped { stop() }
  }

  /// Makes the way to the server before the reader's connection is read. There is none with the last descriptors,
  /// which the process needs itself.
  private func connect(_ reader: any Channel) -> EventLoopFuture<Void> {
    guard Descriptors.haveRoom else {
      return loop.makeFailedFuture(IOError(errnoCode: EMFILE, reason: "connect"))
    }
    let link = NIOLoopBound(self, eventLoop: loop)
    let way = ClientBootstrap(group: loop).channelOption(.tcpOption(.tcp_nodelay), value: 1)
    // An address has its socket at once, so that the next look for room sees it; a name has to be looked up.
    let address = try? SocketAddress(ipAddress: server.host, port: server.port)
    return (address.map { way.connect(to: $0) } ?? way.connect(host: server.host, port: server.port))
      .flatMapThrowing { try link.value.join(reader, $0) }
  }

  private func join(_ reader: any Channel, _ server: any Channel) throws {
    let connection = LinkedConnection(self, reader: reader, server: server)
    connections[ObjectIdentifier(connection)] = connection
    finder.connectionBegins()
    try reader.pipeline.syncOperations.addHandler(LinkEnd(connection, .reader))
    try server.pipeline.syncOperations.addHandler(LinkEnd(connection, .server))
    if isStopped { connection.close() }
  }

  func forget(_ connection: LinkedConnection) {
    connections[ObjectIdentifier(connection)] = nil
  }

  func find(in bytes: ByteBufferView) -> (fault: Fault, passing: Int)? {
    finder.find(in: bytes)
  }

  func count(_ fault: Fault) {
    tally.withLockedValue { $0[fault, default: 0] += 1 }
  }

  func cutResets() -> Bool { finder.cutResets() }

  /// Nobody listens for a while.
  func refuse() {
    listener?.close(promise: nil)
    listener = nil
    let pause = finder.refusal().components
    let nanoseconds = pause.seconds * 1_000_000_000 + pause.attoseconds / 1_000_000_000
    loop.assumeIsolated().scheduleTask(in: .nanoseconds(nanoseconds)) {
      if !self.isStopped { _ = self.listen() }
    }
  }

  func stop() {
    isStopped = true
    listener?.close(promise: nil)
    listener = nil
    for connection in connections.values { connection.close() }
    reservation.release()
  }
}
