import LWS
import MonotonicTime

/// Letting pages of allowed origins read what the server answers (the CORS protocol of WHATWG Fetch, section
/// 3.3). Origins are named one by one, and cookies play no part.
extension Access {
  /// Answers a request, or keeps it out.
  /// - Parameter answer: called for a request that may come in.
  func responder(
    for request: Request, to route: Route, _ answer: () -> any Responder
  ) -> any Responder {
    let ownAnswer = refusal(of: request, to: route) ?? (isPreflight(request) ? .preflight : nil)
    let responder = ownAnswer.map { Answer($0) } ?? answer()
    guard let origin = allowedOrigin(of: request) else { return responder }
    return Shared(responder: responder, fields: Self.fields(for: origin))
  }

  /// The response as a page of the request's origin may read it.
  func share(_ response: Response, with request: Request) -> Response {
    guard let origin = allowedOrigin(of: request) else { return response }
    var response = response
    response.head.fields += Self.fields(for: origin)
    return response
  }

  /// Whether a browser asks beforehand for a page that may come in. It cannot show the token yet.
  func isPreflight(_ request: Request) -> Bool {
    request.method == .options && request.fields["access-control-request-method"] != nil
      && allowedOrigin(of: request) != nil
  }

  private func allowedOrigin(of request: Request) -> Origin? {
    guard !origins.isEmpty, let origin = request.fields["origin"].flatMap(Origin.init) else { return nil }
    return origins.contains(origin) ? origin : nil
  }

  /// An `Origin` holds no character that could end the field.
  private static func fields(for origin: Origin) -> [(name: String, value: String)] {
    [
      ("access-control-allow-origin", origin.description),
      ("access-control-expose-headers", "location, retry-after"), ("vary", "origin"),
    ]
  }
}

/// A responder whose answers a page of another origin may read.
private struct Shared: Responder {
  var responder: any Responder
  let fields: [(name: String, value: String)]

  mutating func turn(at now: Instant) -> Step {
    switch responder.turn(at: now) {
    case .respond(var response):
      response.head.fields += fields
      return .respond(response)
    case .start(var head):
      head.fields += fields
      return .start(head)
    case let turn:
      return turn
    }
  }

  mutating func received(_ message: Message) {
    responder.received(message)
  }

  mutating func peerEndedSending() {
    responder.peerEndedSending()
  }
}

extension Response {
  /// The same for every path, whatever is there.
  fileprivate static let preflight = empty(
    204,
    [
      ("access-control-allow-methods", "GET, HEAD, POST, DELETE"),
      ("access-control-allow-headers", "authorization, content-type, last-event-id, cache-control"),
      ("access-control-max-age", "600"),
    ])
}
