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
  /// It was not given up for an error (RFC 9113, section 5.4.1).
  private(set) var isInPeace = true
  /// Requests behind it the server has not begun with, and will not (RFC 9113, section 6.8).
  private var lastStream = HTTP2StreamID.maxID
  /// Something was answered on it.
  private(set) var hasAnswered = false
  private var hasStood = false
  /// What was wrong with the connection.
  private(set) var trouble: ReadError?
  /// Those of conversations that have not taken leave.
  private var carriers: [HTTP2Carrier] = []
  /// What it carried, once it is told; nothing more is then.
  private var isTold = false

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
    let frames = NIOHTTP2Handler(
      mode: .client, eventLoop: channel.eventLoop, connectionConfiguration: .reading,
      streamConfiguration: .reading
    ) { $0.close() }
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
    hasStood = true
    shared.stands(self)
  }

  /// Frames of the connection itself. Behind GOAWAY no stream begins; those that there are go on (RFC 9113, section 6.8).
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .goAway(let last, let code, _) = unwrapInboundIn(data).payload else { return }
    isGoingAway = true
    isInPeace = code == .noError
    lastStream = last
    for carrier in carriers { carrier.connectionGivenUp() }
  }

  /// Its streams have told their conversations by then; those that have none are told here.
  func channelInactive(context: ChannelHandlerContext) {
    shared.isGone(self, hasStood: hasStood, .connectionLost)
    for carrier in carriers { carrier.connectionEnded() }
  }

  /// What is wrong with one stream is told there, too. Of what is wrong with the connection NIO tells the peer, and it is closed.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !isOfOneStream(error) else { return }
    trouble = ReadError(error)
    guard !hasStood else { return }
    shared.isGone(self, ReadError(error))
    context.close(promise: nil)
  }
}

/// What its carriers ask of it.
extension HTTP2Session {
  var readAt: Instant { tap.readAt }
  var takesRequests: Bool { !isGoingAway && channel.isActive }
  var loop: any EventLoop { channel.eventLoop }

  func isUsed(by carrier: HTTP2Carrier) { carriers.append(carrier) }
  func isLeft(by carrier: HTTP2Carrier) { carriers.removeAll { $0 === carrier } }

  /// - Returns: fails where it takes no further stream.
  func stream(
    _ initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> EventLoopFuture<any Channel> {
    multiplexer.createStreamChannel(initializer)
  }

  /// Whether an error of a stream says that the server has not begun with its request (RFC 9113, sections 6.8 and 8.7).
  func saysUnprocessed(_ error: any Error) -> Bool {
    guard let closed = error as? NIOHTTP2Errors.StreamClosed else { return false }
    return closed.errorCode == .refusedStream || closed.streamID > lastStream
  }

  private func isOfOneStream(_ error: any Error) -> Bool {
    error is NIOHTTP2Errors.StreamClosed || error is NIOHTTP2Errors.NoSuchStream
      || error is NIOHTTP2Errors.CreatedStreamAfterGoaway || error is NIOHTTP2Errors.IOOnClosedConnection
  }

  func noteAnswer() { hasAnswered = true }

  /// The others read on it as soon as the first may.
  func isReady() { shared.isReady() }

  /// The first to be warm has it counted from there on.
  func startCounting() {
    guard !isCounting else { return }
    isCounting = true
    meter.start()
    heads.start()
  }

  func outliveConnection() { meter.outliveConnection() }

  /// What it has carried so far, once.
  /// - Returns: nil where the kernel does not tell.
  func noteCount() -> Carried? {
    guard !isTold else { return Carried() }
    isTold = true
    return meter.stop().map { Carried(count: $0, headBytesUp: heads.up, headBytesDown: heads.down) }
  }

  func close() -> Carried? {
    defer { channel.close(promise: nil) }
    isGoingAway = true
    return noteCount()
  }
}
