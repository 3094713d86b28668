import MonotonicTime
import NIOCore

/// Sits next to the socket, counts what passes, and reads the clock once for each read of the socket: tokens
/// that one read brings have arrived together.
final class ByteCounter: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private(set) var up = 0
  private(set) var down = 0
  private(set) var readAt = Instant.now
  private let onWire: (@Sendable (WireDirection, ByteBuffer) -> Void)?

  init(onWire: (@Sendable (WireDirection, ByteBuffer) -> Void)?) {
    self.onWire = onWire
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    readAt = .now
    let bytes = unwrapInboundIn(data)
    down += bytes.readableBytes
    onWire?(.down, bytes)
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let bytes = unwrapOutboundIn(data)
    up += bytes.readableBytes
    onWire?(.up, bytes)
    context.write(data, promise: promise)
  }
}
