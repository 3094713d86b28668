import MonotonicTime
import Wire

/// One way to read a stream: a transport and its settings.
public struct Variant: Hashable, Sendable {
  /// What tables call it.
  public var name: String
  public var transport: Transport
  /// Short polling: the time from one request to the next, more where an answer takes longer.
  public var pollInterval: Duration
  /// Long polling: how long the server may hold a request.
  public var wait: Duration
  /// What its readers do when they lose the connection.
  public var recovery = Recovery.none
  /// How its readers stop the generation, where they do.
  public var stopping: Stopping
  /// When its readers ask.
  public var asking = AskingOrder.first
  /// Server-Sent Events: what the events' IDs are made of.
  public var ids = EventIDForm.full
  /// WebSocket: how its messages come.
  public var messages = MessageForm.plain
  /// What its readers speak.
  public var http = HTTPForm.clear
  /// How many of its readers share a connection: with HTTP/2 more than one may.
  public var readersPerConnection = 1
  /// How bodies may be coded on the way.
  public var coding = ContentCoding.identity
  /// What its readers' requests carry.
  public var heads = RequestHeads.lean

  public init(
    name: String? = nil, transport: Transport, pollInterval: Duration = .milliseconds(250),
    wait: Duration = .seconds(25)
  ) {
    self.name = name ?? transport.name
    self.transport = transport
    stopping = Stopping(over: transport)
    self.pollInterval = pollInterval
    self.wait = wait
  }
}

/// How a body is coded (RFC 9110, section 8.4).
public enum ContentCoding: String, CaseIterable, Hashable, Sendable {
  case identity
  case gzip
}

/// Which HTTP is spoken, by what experiments call it.
public enum HTTPForm: String, CaseIterable, Hashable, Sendable {
  /// HTTP/1.1 in the clear.
  case clear = "http"
  /// HTTP/1.1 over TLS.
  case encrypted = "https"
  /// HTTP/2, which browsers speak over TLS alone (RFC 9113, section 3.2).
  case two = "http2"
}

/// How a WebSocket's messages come from the server.
public enum MessageForm: String, CaseIterable, Hashable, Sendable {
  case plain
  /// Compressed by permessage-deflate (RFC 7692); a server that does not grant it fails the reader.
  case deflated
}
