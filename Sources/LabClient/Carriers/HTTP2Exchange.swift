import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import Wire

/// Whose request it is.
protocol HTTP2ExchangeOwner: AnyObject {
  /// Its head has wholly left.
  func requestLeft(bodyCount: Int)
  /// A part of the answer came.
  func take(_ part: ResponseDecoder.Part)
  /// The stream is gone before its answer was whole.
  /// - Parameters:
  ///   - error: what was wrong; nil where it was reset without one, or ended with its connection.
  ///   - isUnprocessed: nobody has acted on the request (RFC 9113, section 8.7).
  func exchangeEnded(_ error: (any Error)?, isUnprocessed: Bool)
}

/// One request and its answer, in a stream of a connection with HTTP/2.
final class HTTP2Exchange: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  private let head: HTTPRequestHead
  private let body: [UInt8]
  private let owner: any HTTP2ExchangeOwner
  private let session: HTTP2Session
  private var hasLeft = false
  private var isAnswered = false
  private var isOver = false

  init(
    _ head: HTTPRequestHead, _ body: [UInt8], of owner: any HTTP2ExchangeOwner, on session: HTTP2Session
  ) {
    self.head = head
    self.body = body
    self.owner = owner
    self.session = session
  }

  /// The head may wait for its turn where the server allows no more streams at a time (RFC 9113, section 5.1.2).
  func channelActive(context: ChannelHandlerContext) {
    let headers = OutboundOut.headers(.init(headers: HPACKHeaders(head), endStream: body.isEmpty))
    let left = context.eventLoop.makePromise(of: Void.self)
    context.write(wrapOutboundOut(headers), promise: left)
    let exchange = NIOLoopBound(self, eventLoop: context.eventLoop)
    left.futureResult.whenComplete { exchange.value.headLeft($0) }
    if !body.isEmpty {
      let data = OutboundOut.data(.init(data: .byteBuffer(ByteBuffer(bytes: body)), endStream: true))
      context.write(wrapOutboundOut(data), promise: nil)
    }
    context.flush()
  }

  private func headLeft(_ outcome: Result<Void, any Error>) {
    switch outcome {
    case .success:
      hasLeft = true
      owner.requestLeft(bodyCount: body.count)
    case .failure(let error): ended(error)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .headers(let headers):
      // Trailers have no status and say nothing here.
      if let head = ReceivedHead(headers.headers) { take(head.isInterim ? .interim(head) : .head(head)) }
      if headers.endStream { end() }
    case .data(let data):
      if case .byteBuffer(let bytes) = data.data, bytes.readableBytes > 0 {
        bytes.withUnsafeReadableBytes { take(.body($0)) }
      }
      if data.endStream { end() }
    default:
      break
    }
  }

  private func take(_ part: ResponseDecoder.Part) {
    isAnswered = true
    owner.take(part)
  }

  private func end() {
    isOver = true
    take(.end)
  }

  /// The stream was reset, or its connection is gone.
  func channelInactive(context: ChannelHandlerContext) {
    ended(nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    ended(error)
  }

  private func ended(_ error: (any Error)?) {
    guard !isOver else { return }
    isOver = true
    let isSaid = !isAnswered && error.map(session.saysUnprocessed) ?? false
    owner.exchangeEnded(error, isUnprocessed: !hasLeft || isSaid)
  }
}

extension HPACKHeaders {
  /// The fields of a request, with what its first line and `Host` say before them (RFC 9113, sections 8.2 and 8.3.1).
  fileprivate init(_ head: HTTPRequestHead) {
    let connection: Set = ["host", "connection", "keep-alive", "upgrade", "transfer-encoding"]
    self.init([
      (":method", head.method.rawValue), (":scheme", "https"),
      (":authority", head.headers["host"].first ?? ""),
      (":path", head.uri),
    ])
    for (name, value) in head.headers where !connection.contains(name.lowercased()) {
      add(name: name.lowercased(), value: value)
    }
  }
}

extension ReceivedHead {
  /// - Returns: nil for what has no status.
  fileprivate init?(_ headers: HPACKHeaders) {
    guard let status = headers.first(name: ":status").flatMap({ Int($0) }) else { return nil }
    self.init(
      status: status,
      fields: headers.lazy.filter { !$0.name.hasPrefix(":") }.map { Field(name: $0.name, value: $0.value) })
  }
}
