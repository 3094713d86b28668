import LWS
import MonotonicTime
import TokenStream
import Wire

extension Response {
  static func json(_ status: Int, _ body: [UInt8], _ fields: [(name: String, value: String)] = []) -> Response
  {
    Response(
      head: ResponseHead(status: status, fields: [("content-type", "application/json")] + fields), body: body)
  }

  /// A refusal, in words that say what to do instead.
  static func error(
    _ status: Int, _ text: String, _ fields: [(name: String, value: String)] = []
  ) -> Response {
    json(status, ErrorBody(error: text).json, fields)
  }

  static func empty(_ status: Int, _ fields: [(name: String, value: String)] = []) -> Response {
    Response(head: ResponseHead(status: status, fields: fields), body: [])
  }

  static func methodNotAllowed(_ route: Route) -> Response {
    let methods = route.methods.map(\.rawValue).joined(separator: ", ")
    return error(405, "this path takes \(methods)", [("allow", methods)])
  }

  static func storeFull(_ full: StoreFull, now: Instant) -> Response {
    let wait = full.roomAt.map { max(1, Int(now.duration(to: $0).inSeconds.rounded(.up))) } ?? 1
    return error(
      503, "as many streams as this server holds are there already; come back in \(wait) s",
      [("retry-after", String(wait))])
  }

  static let unknownStream = error(404, "there is no stream of that name: it never was, or it has expired")

  static let otherEpoch = error(409, "this stream has another epoch: read it from its start, with from=0")

  /// RFC 9110, section 15.5.22.
  static let needsWebSocket = error(
    426, "this path speaks WebSocket only", [("upgrade", "websocket"), ("connection", "upgrade")])
}
