import NIOCore
import NIOHTTP1

extension HTTPRequestHead {
  /// A request to a server as all readers make it.
  /// - Parameter bodyCount: how many bytes of JSON follow; zero where none do.
  init(
    _ method: HTTPMethod, _ path: String, to server: ServerAddress, headers: [(String, String)] = [],
    bodyCount: Int = 0
  ) {
    self.init(version: .http1_1, method: method, uri: path)
    self.headers.add(name: "Host", value: server.hostField)
    for (name, value) in server.fields + headers { self.headers.add(name: name, value: value) }
    if bodyCount > 0 {
      self.headers.add(name: "Content-Type", value: "application/json")
      self.headers.add(name: "Content-Length", value: String(bodyCount))
    }
  }
}

extension Channel {
  /// Sends a request and its body.
  func write(_ head: HTTPRequestHead, body: [UInt8]) {
    write(HTTPClientRequestPart.head(head), promise: nil)
    if !body.isEmpty {
      write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
    }
    writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }
}
