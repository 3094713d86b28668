import MonotonicTime
import NIOCore
import NIOHTTP1
import NIOPosix

extension Reader {
  /// Fetches a path over a connection of its own: for what is not a stream.
  /// - Throws: `ReadError`.
  public func get(_ path: String, from server: ServerAddress) async throws -> String {
    let promise = group.next().makePromise(of: String.self)
    ClientBootstrap(group: promise.futureResult.eventLoop)
      .connectTimeout(.seconds(5))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(Getter(path, server, promise))
        }
      }
      .connect(host: server.host, port: server.port)
      .whenFailure { promise.fail(ReadError.unreachable("\($0)")) }
    return try await promise.futureResult.get()
  }
}

private final class Getter: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let path: String
  private let server: ServerAddress
  private var promise: EventLoopPromise<String>?
  private var status = 0
  private var body = ByteBuffer()

  init(_ path: String, _ server: ServerAddress, _ promise: EventLoopPromise<String>) {
    self.path = path
    self.server = server
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    let headers = HTTPHeaders([("Host", "\(server.host):\(server.port)"), ("Connection", "close")])
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): status = Int(head.status.code)
    case .body(var bytes): body.writeBuffer(&bytes)
    case .end:
      let text = String(buffer: body)
      conclude(status == 200 ? .success(text) : .failure(ReadError.refused(status: status, body: text)))
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    conclude(.failure(ReadError.connectionLost))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    conclude(.failure(error))
    context.close(promise: nil)
  }

  private func conclude(_ result: Result<String, any Error>) {
    promise?.completeWith(result)
    promise = nil
  }
}
