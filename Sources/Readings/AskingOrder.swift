import Wire

/// When a reader asks its question.
public enum AskingOrder: String, CaseIterable, Hashable, Sendable {
  /// By `POST /streams`, and then reads the stream that the answer names: the same on every transport.
  case first
  /// In the request that reads: `GET` or `POST /chat-stream`, or the first message on `/chat-socket`. A round trip less
  /// before the first token, and leaving stops the generation. Who comes back asks for the rest, which is another stream
  /// of the same text: by `Last-Event-ID`, or by `from` and `epoch`.
  case atOnce = "at-once"

  /// The transports that can: a poll's answer ends, and with it whoever would read the rest.
  public static func isAtOnce(possible transport: Transport) -> Bool {
    transport.exchange == .stream || transport.exchange == .socket
  }
}
