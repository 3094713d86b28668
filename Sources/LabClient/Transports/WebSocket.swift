import NIOCore
import NIOHTTP1
import NIOWebSocket
import Wire

/// Upgrades the connection on which it asked, and reads messages until `done`.
final class WebSocket: TransportReader {
  func begin(in conversation: Conversation, from index: Int) {
    let upgrader = NIOWebSocketClientUpgrader { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
    var headers = HTTPHeaders()
    upgrader.addCustom(upgradeRequestHeaders: &headers)
    headers.add(name: "Connection", value: "upgrade")
    headers.add(name: "Upgrade", value: "websocket")
    do {
      let pipeline = conversation.channel.pipeline.syncOperations
      // Between two answers the decoder holds nothing; from here on there is the handshake's, and then frames.
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandler(
        HandshakeReader(conversation, upgrader, from: index), position: .after(decoder))
      pipeline.removeHandler(decoder, promise: nil)
    } catch {
      return conversation.fail(.malformed("\(error)"))
    }
    conversation.read(.webSocket, conversation.place(index), headers: headers.map { ($0.name, $0.value) })
  }

  func received(_ part: HTTPClientResponsePart, in conversation: Conversation) {}
}

/// Reads the answer to the handshake, and passes on what stands behind it.
private final class HandshakeReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let conversation: Conversation
  private let upgrader: NIOWebSocketClientUpgrader
  private let from: Int
  /// What has come of the head; nil once it is whole.
  private var head: ByteBuffer? = ByteBuffer()

  init(_ conversation: Conversation, _ upgrader: NIOWebSocketClientUpgrader, from index: Int) {
    self.conversation = conversation
    self.upgrader = upgrader
    from = index
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard var bytes = head else { return context.fireChannelRead(data) }
    var more = unwrapInboundIn(data)
    bytes.writeBuffer(&more)
    head = bytes
    guard let whole = RawHead(from: &bytes) else { return }
    head = nil
    conversation.tookHead(count: whole.text.utf8.count)
    guard whole.status == 101 else { return conversation.fail(whole.refusal) }
    guard upgrader.shouldAllowUpgrade(upgradeResponse: whole.parsed) else {
      return conversation.fail(.malformed("a handshake whose Sec-WebSocket-Accept is wrong"))
    }
    do {
      let pipeline = context.pipeline.syncOperations
      let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
      try pipeline.addHandlers(
        WebSocketFrameEncoder(), ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)),
        MessageReader(conversation, next: from), position: .after(self))
      pipeline.removeHandler(encoder, promise: nil)
    } catch {
      return conversation.fail(.malformed("\(error)"))
    }
    if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
  }
}

/// Reads the messages of an upgraded connection, and answers pings and the closing handshake.
private final class MessageReader: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let conversation: Conversation
  private var next: Int
  private var message = ByteBuffer()

  init(_ conversation: Conversation, next: Int) {
    self.conversation = conversation
    self.next = next
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text, .continuation:
      message.writeBuffer(&frame.data)
      guard frame.fin else { return }
      take()
      message.clear()
    case .ping:
      answer(WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.data), context)
    case .connectionClose:
      conversation.fail(.closed(code: frame.data.readInteger(as: UInt16.self).map(Int.init)))
    default:
      break
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    conversation.fail(.connectionLost)
  }

  private func take() {
    if conversation.takesAsNext(message.readableBytesView, wanted: next) {
      next += 1
      return
    }
    switch try? SocketMessage(json: message.readableBytesView) {
    case .token(let payload):
      conversation.took(payload)
      next = payload.index + 1
    case .done(let reason, _):
      conversation.finish(reason)
    default:
      conversation.fail(.malformed("a message that is neither a token nor done"))
    }
  }

  private func answer(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
  }
}
