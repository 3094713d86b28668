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
    switch transport.exchange {
    case .pages, .heldPages: self = .delete
    case .stream: self = .close
    case .socket: self = .message
    }
  }
}
