/// What went over a connection in one direction, in bytes of TCP payload.
public struct ByteSplit: Hashable, Sendable {
  /// All of it, as the kernel counted it.
  public var total = 0
  /// Down: the tokens' JSON. Up: the question's.
  public var payload = 0
  /// Request and status lines with their fields (RFC 9112, section 2.1), the handshake's included.
  public var heads = 0

  public init(total: Int = 0, payload: Int = 0, heads: Int = 0) {
    self.total = total
    self.payload = payload
    self.heads = heads
  }

  /// Everything else: chunk sizes, event fields, page brackets, WebSocket frame headers, empty pages, `done`.
  public var framing: Int { total - payload - heads }
}
