import LabClient
import NIOCore
import NIOPosix
import Readings
import Wire

/// Stands between readers and a server and does something to the bytes on their way down.
struct Relay: Sendable {
  let address: ServerAddress
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup

  /// - Parameters:
  ///   - delay: how long each piece is kept before it goes on.
  ///   - change: what becomes of the bytes of one connection, piece by piece; made anew for each.
  init(
    to server: ServerAddress, delay: TimeAmount = .zero,
    change: @escaping @Sendable () -> (inout ByteBuffer) -> Void = { { _ in } }
  ) async throws {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { inbound in
        ClientBootstrap(group: inbound.eventLoop)
          .channelOption(.tcpOption(.tcp_nodelay), value: 1)
          .channelInitializer { outbound in
            outbound.eventLoop.makeCompletedFuture {
              try outbound.pipeline.syncOperations.addHandler(
                Pipe(to: inbound, delay: delay, change: change()))
            }
          }
          .connect(host: server.host, port: server.port)
          .flatMapThrowing { outbound in
            try inbound.pipeline.syncOperations.addHandler(Pipe(to: outbound, delay: .zero, change: { _ in }))
          }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .bind(host: "127.0.0.1", port: 0).get()
    address = ServerAddress(host: "127.0.0.1", port: channel.localAddress?.port ?? 0)
  }

  func stop() async throws {
    try await channel.close()
    try await group.shutdownGracefully()
  }
}

/// One direction of a relayed connection.
private final class Pipe: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let target: any Channel
  private let delay: TimeAmount
  private let change: (inout ByteBuffer) -> Void

  init(to target: any Channel, delay: TimeAmount, change: @escaping (inout ByteBuffer) -> Void) {
    self.target = target
    self.delay = delay
    self.change = change
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    change(&bytes)
    let changed = bytes
    guard delay > .zero else {
      target.writeAndFlush(changed, promise: nil)
      return
    }
    context.eventLoop.scheduleTask(in: delay) { [target] in target.writeAndFlush(changed, promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    target.close(promise: nil)
  }
}
