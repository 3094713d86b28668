/// A way to read a stream, by name: as much of it as everybody has to know who speaks of it. Server and readers each state
/// what they speak, in the transport's own file in `LabServer/Transports` and `LabClient/Transports`, and the contract holds
/// the one against the other; how it looks is in `static/transports`.
public struct Transport: Hashable, Sendable {
  /// In experiments, figures and metrics, and the name of its files.
  public let name: String
  /// The resource below `/streams/ID/` that serves it.
  public let resource: String
  /// How a reader is answered.
  public let exchange: Exchange

  /// How tokens are asked for and answered.
  public enum Exchange: Hashable, Sendable {
    /// A request after the other, each answered at once and whole, with what there is.
    case pages
    /// The same, but each is held until there is a token (RFC 6202, section 2).
    case heldPages
    /// One request, whose answer ends with the stream (RFC 6202, section 3).
    case stream
    /// Messages on a connection that was upgraded (RFC 6455).
    case socket
  }

  /// - Parameters:
  ///   - name: lower-case words with hyphens between them, like all names of experiments.
  ///   - resource: a single segment of a path.
  public init(_ name: String, resource: String, _ exchange: Exchange) {
    self.name = name
    self.resource = resource
    self.exchange = exchange
  }

  /// Whether the server speaks first once a token is there, instead of being asked.
  public var isPushed: Bool { exchange != .pages }
}
