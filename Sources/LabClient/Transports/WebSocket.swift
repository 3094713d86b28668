import NIOCore
import NIOHTTP1
import NIOWebSocket
import Wire

/// Upgrades the connection on which it asked, and reads messages until `done`.
final class WebSocket: TransportReader {
  private var handshake = SocketHandshake()
  /// The index to begin with.
  private var next = 0

  func begin(in conversation: Conversation, from index: Int) {
    let variant = conversation.plan.variant
    // Chromium always does.
    handshake = SocketHandshake(
      offersCompression: variant.messages == .deflated || variant.heads == .chromium,
      offersClientWindow: variant.heads == .chromium)
    next = index
    conversation.read(.webSocket, conversation.place(index), as: .webSocket(handshake))
  }

  func received(_ head: ReceivedHead, in conversation: Conversation) {
    if let error = handshake.error(in: head) { return conversation.fail(error) }
    let isCompressed = handshake.isCompressed(by: head)
    guard isCompressed || conversation.plan.variant.messages == .plain else {
      return conversation.fail(
        .malformed("no permessage-deflate: serve with 'max-deflated-sockets', one for each reader"))
    }
    do {
      let pipeline = conversation.channel.pipeline.syncOperations
      let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
      try pipeline.addHandler(WebSocketFrameEncoder(), position: .after(encoder))
      pipeline.removeHandler(encoder, promise: nil)
    } catch {
      return conversation.fail(.malformed("\(error)"))
    }
    let socket = SocketConnection(
      conversation.channel, next: next, isCompressed: isCompressed)
    conversation.socket = socket
    if conversation.journey.asksInStream { socket.ask(in: conversation) }
  }

  // Behind the handshake all belongs to the `SocketConnection`.
  func received(_ body: UnsafeRawBufferPointer, in conversation: Conversation) {}
  func answerEnded(in conversation: Conversation) {}
}
