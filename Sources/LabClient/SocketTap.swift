import MonotonicTime
import NIOCore

/// Sits next to the socket and reads the clock once for each read of it: tokens that one read brings have
/// arrived together. Shows the bytes to whoever wants to see them.
final class SocketTap: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private(set) var readAt = Instant.now
  private let onWire: (@Sendable (WireDirection, ByteBuffer) -> Void)?

  init(onWire: (@Sendable (WireDirection, ByteBuffer) -> Void)?) {
    self.onWire = onWire
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    readAt = .now
    let bytes = unwrapInboundIn(data)
    onWire?(.down, bytes)
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let bytes = unwrapOutboundIn(data)
    onWire?(.up, bytes)
    context.write(data, promise: promise)
  }
}
