import MonotonicTime
import NIOCore
import NIOHTTP1
import NIOPosix
import TokenStream
import Wire

extension Reader {
  /// Fetches a path over a connection of its own: for what is not a stream.
  /// - Throws: `ReadError`.
  public func get(_ path: String, from server: ServerAddress) async throws -> String {
    try await request(.GET, path, from: server)
  }

  /// Asks for a stream that others are to read.
  /// - Throws: `ReadError`.
  public func ask(_ question: Question, of server: ServerAddress) async throws -> StreamStarted {
    let answer = try await request(.POST, "/streams", body: question.json, from: server)
    do {
      return try StreamStarted(json: answer.utf8)
    } catch {
      throw ReadError.malformed("an answer to a question that names no stream")
    }
  }

  /// How a stream stands.
  /// - Throws: `ReadError`.
  public func state(of stream: StreamStarted, at server: ServerAddress) async throws -> StreamState {
    let answer = try await get("/streams/\(stream.stream)", from: server)
    do {
      return try StreamState(json: answer.utf8)
    } catch {
      throw ReadError.malformed("a state that is none")
    }
  }

  private func request(
    _ method: HTTPMethod, _ path: String, body: [UInt8] = [], from server: ServerAddress
  ) async throws -> String {
    try await LabClient.request(method, path, body: body, from: server, on: group.next()).get()
  }
}

/// One request over a connection of its own; fails with a `ReadError`.
func request(
  _ method: HTTPMethod, _ path: String, body: [UInt8] = [], from server: ServerAddress,
  on loop: any EventLoop
) -> EventLoopFuture<String> {
  let promise = loop.makePromise(of: String.self)
  ClientBootstrap(group: loop)
    .connectTimeout(.seconds(5))
    .channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        try channel.pipeline.syncOperations.addHandler(Requester(method, path, body, server, promise))
      }
    }
    .connect(host: server.host, port: server.port)
    .whenFailure { promise.fail(ReadError(unreachable: $0)) }
  return promise.futureResult
}

private final class Requester: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let method: HTTPMethod
  private let path: String
  private let requestBody: [UInt8]
  private let server: ServerAddress
  private var promise: EventLoopPromise<String>?
  private var status = 0
  private var body = ByteBuffer()

  init(
    _ method: HTTPMethod, _ path: String, _ body: [UInt8], _ server: ServerAddress,
    _ promise: EventLoopPromise<String>
  ) {
    self.method = method
    self.path = path
    requestBody = body
    self.server = server
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    var headers = HTTPHeaders([("Host", "\(server.host):\(server.port)"), ("Connection", "close")])
    headers.add(contentsOf: server.fields)
    if method == .POST {
      headers.add(name: "Content-Type", value: "application/json")
      headers.add(name: "Content-Length", value: String(requestBody.count))
    }
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: requestBody)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): status = Int(head.status.code)
    case .body(var bytes): body.writeBuffer(&bytes)
    case .end:
      let text = String(buffer: body)
      conclude(
        (200..<300).contains(status)
          ? .success(text) : .failure(ReadError.refused(status: status, body: text)))
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
