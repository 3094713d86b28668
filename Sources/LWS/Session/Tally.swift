/// Running totals of the sessions that count into it; only the loop's thread touches it.
public final class Tally {
  /// Sessions open now: HTTP exchanges being answered, or WebSockets.
  public internal(set) var open = 0
  /// Sessions opened so far.
  public internal(set) var opened = 0
  /// Bytes of bodies and messages handed to the kernel, with chunk framing and frame headers, without heads.
  public internal(set) var bytesSent = 0
  /// Payload bytes of WebSocket messages and request bodies received.
  public internal(set) var bytesReceived = 0

  public init() {}
}
