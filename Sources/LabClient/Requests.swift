import NIOCore
import NIOHTTP1
import Readings
import Wire

extension HTTPRequestHead {
  /// A request to a server as all readers make it.
  /// - Parameter bodyCount: how many bytes of JSON follow; zero where none do.
  init(
    _ method: HTTPMethod, _ path: String, as kind: RequestKind = .fetch(), _ heads: RequestHeads = .lean,
    _ coding: ContentCoding = .identity, to server: ServerAddress, bodyCount: Int = 0
  ) {
    var fields = heads.fields(of: kind, method, to: server, bodyCount: bodyCount)
    // A browser's fields allow it already.
    if coding == .gzip, heads == .lean { fields.append(("Accept-Encoding", "gzip")) }
    self.init(version: .http1_1, method: method, uri: path, headers: HTTPHeaders(fields))
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
