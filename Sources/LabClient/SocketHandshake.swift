import MessageCompression
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Wire

/// A WebSocket's opening handshake, as a client makes and checks it (RFC 6455, section 4.1).
package struct SocketHandshake {
  /// 16 bytes in Base64.
  let key: String
  /// It offers to read compressed messages.
  let offersCompression: Bool
  /// As Chromium does, it offers to keep to a window where it compresses itself.
  let offersClientWindow: Bool
  private let upgrader: NIOWebSocketClientUpgrader

  /// - Parameter key: drawn anew for each connection.
  package init(
    key: String = NIOWebSocketClientUpgrader.randomRequestKey(), offersCompression: Bool = false,
    offersClientWindow: Bool = false
  ) {
    self.key = key
    self.offersClientWindow = offersClientWindow
    self.offersCompression = offersCompression
    upgrader = NIOWebSocketClientUpgrader(requestKey: key) { channel, _ in
      channel.eventLoop.makeSucceededVoidFuture()
    }
  }

  /// The request's fields.
  package var fields: [(String, String)] {
    var headers = HTTPHeaders([("Connection", "upgrade"), ("Upgrade", "websocket")])
    upgrader.addCustom(upgradeRequestHeaders: &headers)
    if offersCompression { headers.add(name: "Sec-WebSocket-Extensions", value: CompressionTerms.name) }
    return headers.map { ($0.name, $0.value) }
  }

  /// Why the answer opens no WebSocket; nil if it does.
  /// - Parameter subprotocols: what was offered beside, in lower case.
  package func error(in head: ReceivedHead, offering subprotocols: [String] = []) -> ReadError? {
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
    guard head.list("sec-websocket-protocol").allSatisfy(subprotocols.contains) else {
      return .malformed("a handshake with a Sec-WebSocket-Protocol that was not asked for")
    }
    if head.list(Self.extensions).isEmpty { return nil }
    guard offersCompression else {
      return .malformed("a handshake with a Sec-WebSocket-Extensions that was not asked for")
    }
    return isCompressed(by: head)
      ? nil : .malformed("a handshake with a Sec-WebSocket-Extensions that does not answer what was offered")
  }

  private static let extensions = "sec-websocket-extensions"

  /// Whether messages may come compressed behind that answer.
  func isCompressed(by head: ReceivedHead) -> Bool {
    CompressionTerms(answer: head.list(Self.extensions), offersClientWindow: offersClientWindow) != nil
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
