import MonotonicTime
import NIOCore
import NIOWebSocket
import TokenStream
import Wire

/// How a reader says that it has read enough.
public enum Stopping: String, CaseIterable, Hashable, Sendable {
  /// `DELETE` on the stream, over a connection of its own, since its own may be held.
  case delete
  /// Leaving an event stream that was asked for in the same request: the server sees its last reader go.
  case close
  /// A message on the WebSocket.
  case message

  /// What the transport itself offers.
  public init(over transport: Transport) {
    switch transport {
    case .shortPolling, .longPolling: self = .delete
    case .serverSentEvents: self = .close
    case .webSocket: self = .message
    }
  }
}

extension Journey {
  /// The reader has read enough.
  func stop(in conversation: Conversation) {
    guard reading.stopAsked == nil else { return }
    reading.stopAsked = .now
    switch plan.variant.stopping {
    case .delete:
      guard let stream else { return }
      let journey = NIOLoopBound(self, eventLoop: loop)
      request(.DELETE, "/streams/\(stream.stream)", plan.variant.heads, from: plan.server, on: loop)
        .whenFailure { error in
          journey.value.fail(error as? ReadError ?? .unreachable("\(error)"))
        }
    case .close:
      conversation.leave()
      finish(.stopped, at: .now)
    case .message:
      let frame = WebSocketFrame(
        fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(bytes: Stop().json))
      conversation.channel.writeAndFlush(frame, promise: nil)
    }
  }
}
