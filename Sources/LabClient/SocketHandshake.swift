import NIOCore
import NIOHTTP1
import NIOWebSocket
import Wire

/// A WebSocket's opening handshake, as a client makes and checks it (RFC 6455, section 4.1).
struct SocketHandshake {
  /// 16 bytes in Base64.
  let key: String
  private let upgrader: NIOWebSocketClientUpgrader

  /// - Parameter key: drawn anew for each connection.
  init(key: String = NIOWebSocketClientUpgrader.randomRequestKey()) {
    self.key = key
    upgrader = NIOWebSocketClientUpgrader(requestKey: key) { channel, _ in
      channel.eventLoop.makeSucceededVoidFuture()
    }
  }

  /// The request's fields.
  var fields: [(String, String)] {
    var headers = HTTPHeaders([("Connection", "upgrade"), ("Upgrade", "websocket")])
    upgrader.addCustom(upgradeRequestHeaders: &headers)
    return headers.map { ($0.name, $0.value) }
  }

  /// Why the answer opens no WebSocket; nil if it does.
  func error(in head: ReceivedHead) -> ReadError? {
    guard head.status == 101 else { return ReadError(refusedBy: head) }
    guard head.list("upgrade") == ["websocket"] else {
      return .malformed("a handshake whose Upgrade is not websocket")
    }
    guard head.list("connection").contains("upgrade") else {
      return .malformed("a handshake whose Connection does not name upgrade")
    }
    guard isAccepted(in: head) else {
      return .malformed("a handshake whose Sec-WebSocket-Accept is wrong")
    }
    for name in ["Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"]
    where !head.list(name.lowercased()).isEmpty {
      return .malformed("a handshake with a \(name) that was not asked for")
    }
    return nil
  }

  /// NIO knows the hash.
  private func isAccepted(in head: ReceivedHead) -> Bool {
    let accepts = head.fields.filter { $0.name == "sec-websocket-accept" }
    return upgrader.shouldAllowUpgrade(
      upgradeResponse: HTTPResponseHead(
        version: .http1_1, status: .switchingProtocols,
        headers: HTTPHeaders(accepts.map { ($0.name, $0.value) })))
  }
}
