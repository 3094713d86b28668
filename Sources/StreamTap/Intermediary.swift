import Wire

/// Who stands between, as far as the response's head tells.
public struct Intermediary: Equatable, Sendable {
  /// As it names itself.
  public var name: String
  /// What keeps it from gathering a stream.
  public var advice: String

  private static let known: [(word: String, name: String, advice: String)] = [
    ("cloudflare", "Cloudflare", "send the type text/event-stream, and no compression"),
    ("nginx", "nginx", "set proxy_buffering off, or have the server send X-Accel-Buffering: no"),
    ("varnish", "Varnish", "set beresp.do_stream, and pass what is a stream"),
    ("lighttpd", "lighttpd", "set server.stream-response-body = 1"),
    ("caddy", "Caddy", "set flush_interval -1, and no encode for the stream"),
    ("haproxy", "HAProxy", "set option http-no-delay"),
    ("envoy", "Envoy", "set the route's timeout to 0, and no buffer filter"),
    ("apache", "Apache", "set flushpackets=on for the proxy, and no deflate for the stream"),
    ("cloudfront", "CloudFront", "set the cache policy to CachingDisabled"),
  ]

  /// Nil where nobody is named.
  public init?(in head: ReceivedHead) {
    let names = ["via", "server", "x-served-by", "x-cache", "x-powered-by"]
    let said = names.flatMap { name in head.fields.filter { $0.name == name }.map { $0.value.lowercased() } }
    let words = said.joined(separator: " ") + (head.field("x-varnish") == nil ? "" : " varnish")
    guard let found = Self.known.first(where: { words.contains($0.word) }) else { return nil }
    (name, advice) = (found.name, found.advice)
  }
}
