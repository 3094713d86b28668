/// What a server does with requests. It is called on the loop's thread alone.
public protocol Service: AnyObject {
  /// The request fields it wants to see, in lower case. Others are not kept.
  static var fieldNames: [String] { get }
  /// The largest request body it takes, in bytes; a larger one is answered with `bodyTooLarge`.
  var bodyLimit: Int { get }
  /// The largest WebSocket message it takes, in bytes; a larger one closes the connection with 1009.
  var messageLimit: Int { get }
  /// A reader that took nothing for the time it had was dropped.
  func didDropStalledReader()

  /// The response to a request that its head alone refuses; nil where the body counts. It is asked where a client waits
  /// for a word before it sends the body (RFC 9110, section 10.1.1).
  func refusal(ofHead request: Request) -> Response?
  /// Answers a request, now or later.
  /// - Parameter session: the responder's owner, which it may keep `unowned` to wake it.
  func responder(for request: Request, session: Session) -> any Responder
  /// The response that refuses a WebSocket handshake, or nil to accept it.
  func refusal(ofWebSocket request: Request) -> Response?
  /// Speaks for a WebSocket whose handshake was accepted.
  func webSocketResponder(for request: Request, session: Session) -> any Responder
  /// The response to a request, or a connection, that cannot be taken; the connection ends behind it.
  /// - Parameter request: nil where its head was not read.
  func response(to problem: RequestProblem, of request: Request?) -> Response
}
