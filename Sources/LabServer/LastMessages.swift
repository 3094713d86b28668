import Foundation
import LWS

/// The last writes to a reader, and its requests' first lines.
struct LastMessages {
  enum Direction: String, Encodable {
    case up
    case down
  }

  /// One write of the server's, or one request, of which its line alone is known.
  struct Message: Encodable {
    var number: Int
    var direction: Direction
    /// How many bytes it had.
    var size: Int
    /// The first of them.
    var bytes: Data
  }

  /// What `/faults/wire` tells of a reader.
  struct Told: Encodable {
    var reader: String
    var messages: [Message]
  }

  private(set) var kept: [Message] = []
  private var noted = 0

  static let mostKept = 8
  static let bytesKept = 1_200

  /// - Parameter size: of the request, in bytes.
  mutating func note(_ request: Request, size: Int) {
    note(.up, size: size, Data(request.lineWithoutToken.utf8))
  }

  /// libwebsockets' own answer to a handshake.
  mutating func noteOpening(of session: Session) {
    note(.down, size: session.openingBytes, Data("HTTP/1.1 101 Switching Protocols\r\n".utf8))
  }

  mutating func note(_ written: UnsafeRawBufferPointer) {
    note(.down, size: written.count, Data(written.prefix(Self.bytesKept)))
  }

  private mutating func note(_ direction: Direction, size: Int, _ bytes: Data) {
    noted += 1
    kept.append(Message(number: noted, direction: direction, size: size, bytes: bytes))
    if kept.count > Self.mostKept { kept.removeFirst() }
  }
}

extension Request {
  /// Bytes of its head and body as they came.
  var size: Int { headSize + body.count }

  /// The request line as it stood, but for an access token in it, which nobody is shown.
  var lineWithoutToken: String {
    var query = query[...]
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let pairs = parts.dropFirst().first?.split(separator: "&", omittingEmptySubsequences: false) ?? []
    let shown = pairs.map { pair in
      // Each pair that is not empty is one of the query's, in its order.
      let name = pair.isEmpty ? nil : query.popFirst()?.name
      return name == "token" ? "token=…" : String(pair)
    }
    let rest = parts.count > 1 ? "?" + shown.joined(separator: "&") : ""
    return "\(method.rawValue) \(parts[0])\(rest) \(version)\r\n"
  }
}
