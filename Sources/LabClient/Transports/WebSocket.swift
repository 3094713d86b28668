import NIOCore
import NIOHTTP1
import NIOWebSocket
import Wire

/// Upgrades the connection on which it asked, and reads messages until `done`.
final class WebSocket: TransportReader {
  private var from = 0
  private var answer: HTTPResponseHead?
  private let upgrader = NIOWebSocketClientUpgrader { channel, _ in
    channel.eventLoop.makeSucceededVoidFuture()
  }

  func begin(in conversation: Conversation, from index: Int) {
    from = index
    var headers = HTTPHeaders()
    upgrader.addCustom(upgradeRequestHeaders: &headers)
    headers.add(name: "Connection", value: "upgrade")
    headers.add(name: "Upgrade", value: "websocket")
    conversation.read(.webSocket, conversation.place(index), headers: headers.map { ($0.name, $0.value) })
  }

  func received(_ part: HTTPClientResponsePart, in conversation: Conversation) {
    switch part {
    case .head(let head): answer = head
    case .body: break
    case .end: upgrade(conversation)
    }
  }

  private func upgrade(_ conversation: Conversation) {
    guard let answer else { return }
    guard answer.status == .switchingProtocols else {
      return conversation.fail(ReadError(refusedBy: answer))
    }
    guard upgrader.shouldAllowUpgrade(upgradeResponse: answer) else {
      return conversation.fail(.malformed("a handshake whose Sec-WebSocket-Accept is wrong"))
    }
    do {
      let pipeline = conversation.channel.pipeline.syncOperations
      // The decoder forwards what it has not used once it is removed, so the frame decoder stands ready.
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
      try pipeline.addHandlers(
        WebSocketFrameEncoder(), ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)),
        MessageReader(conversation, next: from), position: .after(decoder))
      pipeline.removeHandler(encoder, promise: nil)
      pipeline.removeHandler(decoder, promise: nil)
    } catch {
      conversation.fail(.malformed("\(error)"))
    }
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
