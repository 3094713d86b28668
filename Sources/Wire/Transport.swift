/// The ways to read a stream. This list, `Transports.swift` in the server and in the client, and
/// `static/transports/` are what a fifth transport adds a line and a file to.
public enum Transport: String, CaseIterable, Codable, Sendable {
  /// Ask again and again; each answer comes at once, with or without tokens.
  case shortPolling = "short-polling"
  /// Ask, and be answered once there is a token (RFC 6202, section 2).
  case longPolling = "long-polling"
  /// One response that never ends until the stream does (WHATWG HTML, section 9.2).
  case serverSentEvents = "server-sent-events"
  /// Messages on a connection that was upgraded (RFC 6455).
  case webSocket = "websocket"

  /// The resource below `/streams/ID/` that serves it.
  public var resource: String {
    switch self {
    case .shortPolling: "poll"
    case .longPolling: "long-poll"
    case .serverSentEvents: "events"
    case .webSocket: "socket"
    }
  }

  /// Whether the server speaks first once a token is there, instead of being asked.
  public var isPushed: Bool {
    self != .shortPolling
  }
}
