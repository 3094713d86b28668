import Foundation
import NIOCore
import NIOPosix

/// Lets programs that are outside of a link's networks, such as browsers, to the server behind it.
///
///     browser ── loopback ──> door │ readers' network ── link ──> server
///
/// A connection to the door is let in at once, and what is said on it then waits for the one to the server: the first byte
/// comes back as late as if the browser were at the link's far end.
public final class LinkDoor: Sendable {
  /// Where it is.
  public let port: Int
  private let listener: any Channel
  private let group: MultiThreadedEventLoopGroup

  /// - Parameters:
  ///   - host: where it listens.
  ///   - port: 0 takes any free one.
  ///   - serverPort: where the server listens in its own network, then or later.
  /// - Throws: `NetworkError`.
  public init(at host: String, port: Int, to link: Link, serverPort: Int) throws(NetworkError) {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    self.group = group
    do {
      // Made before its thread goes over, the listening socket stays here, and so does whoever comes in by it.
      listener = try ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { Self.lead($0, to: serverPort) }
        .bind(host: host, port: port).wait()
      let network = link.readersNetwork
      try group.next().submit { try network.enter() }.wait()
    } catch {
      try? group.syncShutdownGracefully()
      throw error as? NetworkError ?? .door((error as? IOError)?.errnoCode ?? EIO)
    }
    self.port = listener.localAddress?.port ?? port
  }

  /// Ends it with all its connections.
  public func stop() {
    try? group.syncShutdownGracefully()
  }

  private static func lead(_ reader: any Channel, to serverPort: Int) -> EventLoopFuture<Void> {
    ClientBootstrap(group: reader.eventLoop)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: Link.serverHost, port: serverPort)
      .flatMapThrowing { server in
        let (there, back) = Passage.pair()
        try reader.pipeline.syncOperations.addHandler(there)
        try server.pipeline.syncOperations.addHandler(back)
      }
  }
}

/// One of two channels that pass on to each other what they read, no faster than the other takes it.
private final class Passage: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  private var other: Passage?
  private var context: ChannelHandlerContext?
  private var waitsToRead = false

  static func pair() -> (Passage, Passage) {
    let pair = (Passage(), Passage())
    pair.0.other = pair.1
    pair.1.other = pair.0
    return pair
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    other = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    other?.context?.write(NIOAny(unwrapInboundIn(data)), promise: nil)
  }

  func channelReadComplete(context: ChannelHandlerContext) { other?.context?.flush() }

  func read(context: ChannelHandlerContext) {
    waitsToRead = other?.context?.channel.isWritable == false
    if !waitsToRead { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable, let other, other.waitsToRead else { return }
    other.waitsToRead = false
    other.context?.read()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { other?.context?.close(mode: .output, promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) { other?.context?.close(promise: nil) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
