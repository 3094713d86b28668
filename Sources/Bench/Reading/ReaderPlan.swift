import MonotonicTime
import Wire

/// What one reader does: what it sends, and which tokens it is to get when.
struct ReaderPlan: Sendable {
  var asking: Asking
  /// When token 0 is meant to come; the others follow a gap apart.
  var first: Instant

  enum Asking: Sendable {
    /// One request, whose answer does not end.
    case once([UInt8])
    /// A request after the other.
    case polls(Polls)
  }

  /// How it polls; nil where it does not.
  var polls: Polls? {
    if case .polls(let polls) = asking { polls } else { nil }
  }
}

/// How a reader polls.
struct Polls: Sendable {
  /// From one question to the next; nil where only answers lead to another.
  var interval: Duration?
  /// Which answers lead to another question at once.
  var asksAgain: AsksAgain
  /// The request that goes on from a place.
  var request: @Sendable (Place) -> [UInt8]

  enum AsksAgain {
    case never
    case always
    /// Those that bring a token, because there may be more.
    case withTokens
    /// All but the first, so that everybody is connected before anybody hurries.
    case afterTheFirst
  }

  /// Where a reader stands.
  struct Place {
    /// The index that it wants next.
    var next = 0
    /// What the last answer said, where it said so.
    var lastModified: [UInt8] = []
    var etag: [UInt8] = []
  }
}

/// Requests as bytes.
package enum RequestBytes {
  static let host = "Host: 127.0.0.1\r\n"

  package static func get(_ target: String, _ fields: String = "") -> [UInt8] {
    Array("GET \(target) HTTP/1.1\r\n\(host)\(fields)\r\n".utf8)
  }

  /// Opens a WebSocket (RFC 6455, section 4.1), with the key of that document's example.
  package static func upgrade(_ target: String) -> [UInt8] {
    get(
      target,
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + "Sec-WebSocket-Version: 13\r\n")
  }

  package static func post(_ target: String, _ type: String, _ body: [UInt8]) -> [UInt8] {
    Array(
      "POST \(target) HTTP/1.1\r\n\(host)Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n".utf8)
      + body
  }
}
