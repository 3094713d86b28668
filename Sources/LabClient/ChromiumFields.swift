import NIOHTTP1
import Wire

/// The fields of Chromium 156 on Linux, as it sends them from the project's own page, which has no referrer. A browser
/// test holds them against the browser.
extension RequestKind {
  /// A page sends its JSON as text, unless it says otherwise.
  func chromiumFields(
    _ method: HTTPMethod, to server: ServerAddress, bodyCount: Int
  ) -> [(String, String)] {
    let host = [("Host", server.hostField)]
    let origin = [("Origin", "\(server.scheme)://\(server.hostField)")]
    let (length, type) =
      bodyCount > 0
      ? ([("Content-Length", String(bodyCount))], [("Content-Type", "text/plain;charset=UTF-8")]) : ([], [])
    switch self {
    case .fetch(let accepted):
      // What the page itself says stands before what the browser fills in.
      let own = accepted.map { [("Accept", $0)] } ?? []
      let filled = accepted == nil ? [("Accept", "*/*")] : []
      return host + Self.kept + length + Self.platform + Self.agent + own + Self.brands + type + Self.mobile
        + filled + (method == .GET ? [] : origin) + Self.fetching + Self.preferences
    case .eventSource(let id):
      return host + Self.kept + Self.fresh + Self.platform + Self.agent + [
        ("Accept", ServerSentEvent.mediaType)
      ]
        + Self.brands + Self.mobile + Self.lastEventID(id) + Self.fetching + Self.preferences
    case .webSocket(let handshake):
      return host + [("Connection", "Upgrade")] + Self.fresh + Self.agent + [("Upgrade", "websocket")]
        + origin
        + [("Sec-WebSocket-Version", "13")] + Self.preferences
        + [("Sec-WebSocket-Key", handshake.key), ("Sec-WebSocket-Extensions", Self.extensionOffer)]
    }
  }

  private static let kept = [("Connection", "keep-alive")]
  private static let fresh = [("Pragma", "no-cache"), ("Cache-Control", "no-cache")]
  private static let platform = [("sec-ch-ua-platform", #""Linux""#)]
  private static let agent = [
    (
      "User-Agent",
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
    )
  ]
  private static let brands = [("sec-ch-ua", #""Not:A-Brand";v="8", "Chromium";v="156""#)]
  private static let mobile = [("sec-ch-ua-mobile", "?0")]
  private static let fetching = [
    ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"),
  ]
  private static let preferences = [
    ("Accept-Encoding", "gzip, deflate, br, zstd"), ("Accept-Language", "en-US,en;q=0.9"),
  ]
  private static let extensionOffer = "permessage-deflate; client_max_window_bits"
}
