/// What the server takes before it refuses.
public struct Limits: Sendable {
  /// Bytes of a request's body; more is answered with 413.
  public var bodyBytes = 65_536
  /// Bytes of a WebSocket message; more closes the connection with 1009.
  public var messageBytes = 1 << 20
  /// Streams held at a time, finished ones included until they expire; more are answered with 503.
  public var streams = 20_000
  /// How long a finished stream can still be read.
  public var retention = Duration.seconds(60)

  public init() {}
}
