import MonotonicTime
import NIOCore
import NIOHTTP2
import Wire

/// One connection with HTTP/2 (RFC 9113), in use by conversations that each have a stream of it at a time.
final class HTTP2Session: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame

  private let channel: any Channel
  private let multiplexer: NIOHTTP2Handler.StreamMultiplexer
  private let tap: SocketTap
  private let heads: HeadFrames
  private let shared: SharedConnection
  private var meter: ConnectionMeter
  private var isCounting = false
  private var isGoingAway = false
  /// Conversations that have not taken leave.
  private var users = 0

  /// Sets up a channel's pipeline.
  static func install(
    on channel: any Channel, _ plan: ReadingPlan, _ shared: SharedConnection
  ) throws -> HTTP2Session {
    let pipeline = channel.pipeline.syncOperations
    let tap = SocketTap(onWire: plan.onWire)
    let heads = HeadFrames()
    try pipeline.addHandler(tap)
    try pipeline.encrypt(for: plan.server, speaking: .http2)
    try pipeline.addHandler(heads)
    // A server begins no stream that was not asked for: push is off.
    let frames = NIOHTTP2Handler(mode: .client, eventLoop: channel.eventLoop) { $0.close() }
    try pipeline.addHandler(frames)
    let session = HTTP2Session(channel, try frames.syncMultiplexer(), tap, heads, shared)
    try pipeline.addHandler(session)
    return session
  }

  private init(
    _ channel: any Channel, _ multiplexer: NIOHTTP2Handler.StreamMultiplexer, _ tap: SocketTap,
    _ heads: HeadFrames, _ shared: SharedConnection
  ) {
    self.channel = channel
    self.multiplexer = multiplexer
    self.tap = tap
    self.heads = heads
    self.shared = shared
    meter = ConnectionMeter(channel)
  }

  func channelActive(context: ChannelHandlerContext) {
    shared.stands()
  }

  /// Frames of the connection itself. Behind GOAWAY no stream begins; those that there are go on (RFC 9113, section 6.8).
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .goAway = unwrapInboundIn(data).payload { isGoingAway = true }
  }

  /// Its streams have told their conversations by then.
  func channelInactive(context: ChannelHandlerContext) {
    shared.isGone(self, .connectionLost)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What is wrong with one stream is told there.
    guard !(error is NIOHTTP2Errors.StreamError) else { return }
    shared.isGone(self, ReadError(error))
    context.close(promise: nil)
  }
}

/// What its carriers ask of it.
extension HTTP2Session {
  var readAt: Instant { tap.readAt }
  var takesRequests: Bool { !isGoingAway && channel.isActive }
  var loop: any EventLoop { channel.eventLoop }

  func isUsed() { users += 1 }

  /// - Returns: fails where it takes no further stream.
  func stream(
    _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> EventLoopFuture<any Channel> {
    multiplexer.createStreamChannel(initializer)
  }

  /// The others read on it as soon as the first may.
  func isReady() { shared.isReady() }

  /// The first to be warm has it counted from there on.
  func startCounting() {
    guard !isCounting else { return }
    isCounting = true
    meter.start()
    heads.start()
  }

  func noteCount() { meter.note() }
  func outliveConnection() { meter.outliveConnection() }

  /// The last to leave closes it.
  /// - Returns: to the last, all that it carried.
  func leave() -> Carried? {
    users -= 1
    guard users == 0 else { return Carried() }
    let count = meter.stop()
    isGoingAway = true
    channel.close(promise: nil)
    return count.map { Carried(count: $0, headBytesUp: heads.up, headBytesDown: heads.down) }
  }
}
