import MonotonicTime

/// Something whole that came: an event, a line, or a message of a WebSocket.
public struct TappedPiece: Hashable, Sendable {
  public enum Kind: String, Sendable {
    case event
    case line
    case message
    case ping
    case close
  }

  public var kind: Kind
  /// An event's type.
  public var name: String?
  /// An event's last event ID, where it has one.
  public var identifier: String?
  public var text: String
  /// When the bytes that completed it were read; what one read brought shares it.
  public var at: Instant
  /// Which read that was, counted from 0 by reads that brought anything.
  public var read: Int

  /// It says only that the other end lives, or leaves.
  var isSignOfLife: Bool { kind == .ping || kind == .close }

  init(
    _ kind: Kind, _ text: String, name: String? = nil, identifier: String? = nil, at: Instant, read: Int
  ) {
    self.kind = kind
    self.text = text
    self.name = name
    self.identifier = identifier
    self.at = at
    self.read = read
  }
}
