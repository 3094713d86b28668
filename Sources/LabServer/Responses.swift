import Answers
import Foundation
import LWS
import MonotonicTime
import TokenStream
import Wire

extension Response {
  static func json(_ status: Int, _ body: [UInt8], _ fields: [(name: String, value: String)] = []) -> Response
  {
    let own = [(name: "content-type", value: "application/json"), ("x-content-type-options", "nosniff")]
    return Response(head: ResponseHead(status: status, fields: own + fields), body: body)
  }

  /// - Parameter value: numbers and texts of ours, which always encode.
  static func json(
    _ status: Int, encoding value: some Encodable, _ fields: [(name: String, value: String)]
  ) -> Response {
    json(status, Array(try! JSONEncoder().encode(value)), fields)
  }

  /// A refusal, in words that say what to do instead.
  static func error(
    _ status: Int, _ text: String, _ fields: [(name: String, value: String)] = []
  ) -> Response {
    json(status, ErrorBody(error: text).json, [notKept] + fields)
  }

  static func empty(_ status: Int, _ fields: [(name: String, value: String)] = []) -> Response {
    Response(head: ResponseHead(status: status, fields: fields), body: [])
  }

  /// Makes an EventSource stay away (WHATWG HTML, section 9.2.3).
  static let stayAway = empty(204, [notKept])

  /// Some statuses may be kept by a cache that nobody told otherwise, among them 204 and 404 (RFC 9110, section 15.1).
  private static let notKept = (name: "cache-control", value: "no-store")

  static func methodNotAllowed(_ route: Route) -> Response {
    let methods = route.methods.map(\.rawValue).joined(separator: ", ")
    return error(405, "this path takes \(methods)", [("allow", methods)])
  }

  static func storeFull(_ full: StoreFull, now: Instant) -> Response {
    let wait = full.seconds(from: now)
    return error(503, "\(full.words); try again in \(wait) s", [("retry-after", String(wait))])
  }

  static func unanswered(_ why: Unanswered, now: Instant) -> Response {
    switch why {
    case .otherAnswer: Unreadable.otherEpoch.response
    case .storeFull(let full): storeFull(full, now: now)
    case .pastEnd(let count): error(400, FieldError.pastEnd(count).description)
    }
  }

  static let unknownStream = Unreadable.unknown.response

  /// RFC 9110, section 15.5.22.
  static let needsWebSocket = error(
    426, "this path speaks WebSocket only", [("upgrade", "websocket"), ("connection", "upgrade")])
}

extension Response {
  /// What a request gets that was refused before its path was looked at.
  static func refusal(_ problem: RequestProblem, _ limits: Limits) -> Response {
    let connection = limits.connection
    let soon = [(name: "retry-after", value: "1")]
    return switch problem {
    case .bodyTooLarge: error(413, "the body is larger than \(limits.bodyBytes) bytes")
    case .lengthRequired: error(411, "send the body with a Content-Length and without a transfer coding")
    case .unknownExpectation: error(417, "this server knows one expectation, 100-continue")
    case .unknownWebSocketVersion:
      error(
        426, "this server speaks version 13 of WebSocket",
        [("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13")])
    case .malformed: error(400, "this is not a valid HTTP/1.1 request")
    case .foreignTarget:
      error(400, "the request target must be a path, or an absolute URI that begins with http://")
    case .unknownMethod: error(501, "this server does not support this method")
    case .unknownVersion: error(505, "this server speaks HTTP/1.1")
    case .targetTooLong: error(414, "the request line is longer than \(connection.requestLineBytes) bytes")
    case .headTooLarge: error(431, "the head is larger than \(connection.headBytes) bytes")
    case .tooManyFields: error(431, "the head has more than \(connection.headFields) fields")
    case .requestTimeout:
      error(408, "the request did not arrive in full within \(connection.requestTime.inSeconds) s")
    case .tooMuchPending:
      error(503, "the server has no room for more request bodies and answers; try again in 1 s", soon)
    case .tooManyConnections:
      error(503, "the server has reached its limit of open connections; try again in 1 s", soon)
    case .tooManyConnectionsFromAddress:
      error(
        429, "this server takes \(connection.connectionsPerAddress) connections from one address", soon)
    case .tooManyRequests:
      error(
        429, "this server takes \(connection.requestsPerSecond ?? 0) requests per second from one address",
        soon
      )
    }
  }
}

extension StoreFull {
  /// After how many there may be room, at least one.
  func seconds(from now: Instant) -> Int {
    roomAt.map { max(1, Int(now.duration(to: $0).inSeconds.rounded(.up))) } ?? 1
  }

  var words: String {
    switch what {
    case .streams: "the server has reached its limit of streams held"
    case .text: "the server has reached its limit of answer text held"
    }
  }
}
