import MonotonicTime
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Wire

/// A connection with HTTP/1.1 that is one conversation's alone.
final class OwnConnection: ChannelInboundHandler, Carrier {
  typealias InboundIn = ByteBuffer

  let channel: any Channel
  private let tap: SocketTap
  private var conversation: Conversation?
  private var decoder = ResponseDecoder()
  private var meter: ConnectionMeter
  /// The connection was not ended but broke.
  private var isBroken = false

  /// Sets up a channel's pipeline.
  static func install(on channel: any Channel, for journey: Journey) throws {
    let tap = SocketTap(onWire: journey.plan.onWire)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(tap)
    try pipeline.encrypt(for: journey.plan.server, speaking: .http1)
    try pipeline.addHandler(HTTPRequestEncoder())
    let connection = OwnConnection(channel, tap)
    connection.conversation = Conversation(journey: journey, carrier: connection)
    try pipeline.addHandler(connection)
  }

  private init(_ channel: any Channel, _ tap: SocketTap) {
    self.channel = channel
    self.tap = tap
    meter = ConnectionMeter(channel)
  }

  func channelActive(context: ChannelHandlerContext) {
    conversation?.begin(opensConnection: true)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let conversation else { return }
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
      var rest = bytes
      do {
        while conversation.socket == nil, !conversation.isOver, let part = try decoder.next(&rest) {
          conversation.take(part, isFollowed: !rest.isEmpty)
        }
      } catch {
        return conversation.fail(ReadError(error))
      }
      conversation.socket?.received(rest, in: conversation)
    }
  }

  /// Nothing comes after that: the two do not keep each other any more.
  func channelInactive(context: ChannelHandlerContext) {
    guard let conversation = conversation.take() else { return }
    let isWhole = !isBroken && decoder.endOfConnection()
    conversation.connectionEnded(isWhole: isWhole)
  }

  /// A connection that was never made does not end either.
  func handlerRemoved(context: ChannelHandlerContext) {
    conversation = nil
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    conversation?.socket?.becameWritable()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let error = ReadError(error)
    // A lost connection's channel becomes inactive next; what it brought before is still being read.
    if case .connectionLost = error {
      isBroken = true
    } else {
      conversation?.fail(error)
    }
  }

  /// What is written from here on are frames (RFC 6455, section 4.1).
  func changeToWebSocket() throws {
    let pipeline = channel.pipeline.syncOperations
    let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
    try pipeline.addHandler(WebSocketFrameEncoder(), position: .after(encoder))
    pipeline.removeHandler(encoder, promise: nil)
  }

  var readAt: Instant { tap.readAt }
  var heardAt: Instant { tap.readAt }
  /// What forbids it stands in the answer.
  var takesRequests: Bool { true }

  func send(_ head: HTTPRequestHead, body: [UInt8], allowsUpgrade: Bool) -> Int {
    decoder.expect(allowsUpgrade: allowsUpgrade)
    channel.write(head, body: body)
    conversation?.requestLeft(bodyCount: body.count)
    return head.wireCount
  }

  func sendBeside(_ head: HTTPRequestHead, orElse again: @escaping () -> Void) -> Bool { false }

  func startCounting() { meter.start() }
  func outliveConnection() { meter.outliveConnection() }
  func noteCount() { meter.note() }
  func stopCounting() -> Carried? { meter.stop().map { Carried(count: $0) } }
  func close() { channel.close(promise: nil) }
}
