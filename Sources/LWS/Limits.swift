import MonotonicTime

/// What a server takes from connections, whatever they ask for. Every limit's refusal is a `RequestProblem`,
/// which the service puts into words.
public struct ConnectionLimits: Sendable {
  /// Connections open at a time; the descriptors of the process bound it too.
  public var connections = 20_000
  /// Of these, from one address.
  public var connectionsPerAddress = 20_000
  /// Requests a second from one address, with bursts of as many; nil for any number.
  public var requestsPerSecond: Double?
  /// Bytes of request line and fields.
  public var headBytes = 16_384
  /// Bytes of the request line.
  public var requestLineBytes = 12_288
  /// Header fields of a request.
  public var headFields = 64
  /// From a request's first byte to its last.
  public var requestTime = Duration.seconds(10)
  /// How long a connection may wait for a request, and a WebSocket be silent before it is pinged.
  public var idleTime = Duration.seconds(60)
  /// How long a reader may take nothing of what is sent to it; a second longer where it all lies in the kernel, and up
  /// to a quarter as long again where it does not, since it is looked at four times in this time.
  public var stallTime = Duration.seconds(30)
  /// What lies in the kernel whole is its own to give up.
  var kernelStallTime: Duration { stallTime + .seconds(1) }
  /// Payload bytes of a WebSocket frame; more closes the connection with 1009.
  public var frameBytes = 1 << 20
  /// WebSockets at a time whose messages are compressed where the client offers it (RFC 7692); each takes about 0.3 MB.
  /// The next are served without.
  public var compressedWebSockets = 0

  /// Bytes of bodies and WebSocket messages of all connections that are on their way, or wait to be sent back.
  public var pendingBytes = 64 << 20

  /// Whether small writes wait until earlier ones are acknowledged (RFC 9293, section 3.7.4), which no stream is better for.
  public var delaysSmallWrites = false

  public init() {}
}

/// Why a request, or a connection, was refused before its service saw it.
public enum RequestProblem: Error, Hashable, CaseIterable, Sendable {
  /// All connections together have sent as much as there is room for (503, RFC 9110, section 15.6.4).
  case tooMuchPending
  /// The body is larger than the service's limit (413, RFC 9110, section 15.5.14).
  case bodyTooLarge
  /// A body in a transfer coding instead of with a `Content-Length` (411, RFC 9110, section 15.5.12).
  case lengthRequired
  /// An `Expect` other than `100-continue` (417, RFC 9110, section 15.5.18).
  case unknownExpectation
  /// Another version of WebSocket than 13 (426, RFC 6455, section 4.4).
  case unknownWebSocketVersion
  /// Not HTTP/1 (400, RFC 9112, section 2.2).
  case malformed
  /// A target that is for a proxy: a host and port, or a URI of another scheme than HTTP's (RFC 9112, section 3.2)
  /// (400).
  case foreignTarget
  /// A method nobody here knows (501, RFC 9110, section 15.6.2).
  case unknownMethod
  /// Another major version of HTTP (505, RFC 9110, section 15.6.6).
  case unknownVersion
  /// The request line is longer than the limit (414, RFC 9110, section 15.5.15).
  case targetTooLong
  /// The head is larger than the limit (431, RFC 6585, section 5).
  case headTooLarge
  /// More header fields than the limit (431).
  case tooManyFields
  /// The request did not come whole in time (408, RFC 9110, section 15.5.9).
  case requestTimeout
  /// As many connections as the server takes (503, RFC 9110, section 15.6.4).
  case tooManyConnections
  /// As many connections as it takes from one address (429, RFC 6585, section 4).
  case tooManyConnectionsFromAddress
  /// More requests per second than it takes from one address (429).
  case tooManyRequests
}
