import Answers
import Readings
import Wire

/// Upgrades the connection on which it asked, and reads messages until `done`.
final class WebSocket: TransportReader {
  static let transport = Transport.webSocket

  private var handshake = SocketHandshake()
  /// The index to begin with.
  private var next = 0

  init(_ variant: Variant, _ generator: inout SeededGenerator) {}

  /// 4404 and 4409 stand for the statuses that a browser cannot see of a refused handshake. The others that end
  /// it say that the reader does something wrong (RFC 6455, section 7.4.1).
  static func meaning(of error: ReadError) -> ReadError.Meaning? {
    guard case .closed(let code, _) = error else { return nil }
    return switch code {
    case 4404: .streamUnknown
    case 4409: .otherEpoch
    case 1002, 1003, 1007, 1008, 1009: .final
    default: .passing
    }
  }

  func begin(in conversation: Conversation, from index: Int) {
    let variant = conversation.plan.variant
    // Chromium always does.
    handshake = SocketHandshake(
      offersCompression: variant.messages == .deflated || variant.heads == .chromium,
      offersClientWindow: variant.heads == .chromium)
    next = index
    if conversation.journey.asksInStream {
      conversation.send(.GET, "/chat-socket", as: .webSocket(handshake), offersUpgrade: true)
    } else {
      conversation.read(Self.transport, conversation.place(index), as: .webSocket(handshake))
    }
  }

  func received(_ head: ReceivedHead, in conversation: Conversation) {
    if let error = handshake.error(in: head) { return conversation.fail(error) }
    let isCompressed = handshake.isCompressed(by: head)
    guard isCompressed || conversation.plan.variant.messages == .plain else {
      return conversation.fail(
        .malformed("no permessage-deflate: serve with 'max-deflated-sockets', one for each reader"))
    }
    // HTTP/2 has another way to open one (RFC 8441), which few servers know.
    guard let connection = conversation.carrier as? OwnConnection else {
      return conversation.fail(.malformed("101 over HTTP/2"))
    }
    do { try connection.changeToWebSocket() } catch { return conversation.fail(.malformed("\(error)")) }
    let socket = SocketConnection(connection.channel, next: next, isCompressed: isCompressed)
    conversation.socket = socket
    if conversation.journey.asksInStream { socket.ask(in: conversation) }
  }

  // Behind the handshake all belongs to the `SocketConnection`.
  func received(_ body: UnsafeRawBufferPointer, in conversation: Conversation) {}
  func answerEnded(in conversation: Conversation) {}
}

extension Transport {
  /// Listen to messages, and talk meanwhile (RFC 6455).
  public static let webSocket = Transport("websocket", resource: "socket", .socket)
}
