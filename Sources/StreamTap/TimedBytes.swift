import MonotonicTime
import NIOCore

/// What one read of a socket brought, and when.
struct TimedBytes: Sendable {
  var bytes: ByteBuffer
  var at: Instant
}

/// Notes when each read was, on the thread that reads.
final class ReadingTimes: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = TimedBytes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.fireChannelRead(wrapInboundOut(TimedBytes(bytes: unwrapInboundIn(data), at: .now)))
  }
}
