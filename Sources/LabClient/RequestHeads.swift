import NIOHTTP1
import Readings
import Wire

extension RequestHeads {
  /// All fields of a request, in order.
  func fields(
    of request: RequestKind, _ method: HTTPMethod, to server: ServerAddress, bodyCount: Int
  ) -> [(String, String)] {
    switch self {
    case .lean: [("Host", server.hostField)] + server.fields + request.leanFields(bodyCount: bodyCount)
    case .chromium: request.chromiumFields(method, to: server, bodyCount: bodyCount) + server.fields
    }
  }
}

/// What a browser would make a request with.
enum RequestKind {
  /// The media type that it accepts; nil where any will do.
  case fetch(accepting: String? = nil)
  /// The ID of the last event; empty where none has come.
  case eventSource(lastEventID: String)
  case webSocket(SocketHandshake)

  /// - Parameter bodyCount: how many bytes of JSON follow; zero where none do.
  fileprivate func leanFields(bodyCount: Int) -> [(String, String)] {
    switch self {
    case .fetch(let type):
      (type.map { [("Accept", $0)] } ?? [])
        + (bodyCount > 0
          ? [("Content-Type", "application/json"), ("Content-Length", String(bodyCount))] : [])
    case .eventSource(let id):
      [("Accept", ServerSentEvent.mediaType), ("Cache-Control", "no-store")] + Self.lastEventID(id)
    case .webSocket(let handshake): handshake.fields
    }
  }

  static func lastEventID(_ id: String) -> [(String, String)] {
    id.isEmpty ? [] : [("Last-Event-ID", id)]
  }
}
