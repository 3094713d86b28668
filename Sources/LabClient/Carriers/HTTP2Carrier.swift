import MonotonicTime
import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import Wire

/// Carries a conversation in streams of a connection, one request each (RFC 9113, section 8.1).
final class HTTP2Carrier: Carrier {
  private let session: HTTP2Session
  fileprivate var conversation: Conversation?
  private var stream: (any Channel)?
  /// A request waits for its stream: nothing of it has been sent.
  private var isPending = false

  /// Begins a conversation.
  /// - Parameter opensConnection: it is the first on it.
  static func converse(on session: HTTP2Session, _ journey: Journey, opensConnection: Bool) {
    let carrier = HTTP2Carrier(session)
    let conversation = Conversation(journey: journey, carrier: carrier)
    carrier.conversation = conversation
    session.isUsed(by: carrier)
    conversation.begin(opensConnection: opensConnection)
    // Who warms it says so when it is warm.
    if !journey.needsWarming { session.isReady() }
  }

  private init(_ session: HTTP2Session) {
    self.session = session
  }

  var readAt: Instant { session.readAt }
  private(set) var heardAt = Instant.now
  var takesRequests: Bool { session.takesRequests }

  func send(_ head: HTTPRequestHead, body: [UInt8], allowsUpgrade: Bool) -> Int {
    isPending = true
    let carrier = NIOLoopBound(self, eventLoop: session.loop)
    session.stream { channel in
      channel.eventLoop.makeCompletedFuture {
        // It may have been over before its turn came.
        guard carrier.value.conversation != nil else { throw ReadError.connectionLost }
        carrier.value.stream = channel
        carrier.value.isPending = false
        try channel.pipeline.syncOperations.addHandler(HTTP2Exchange(head, body, carrier.value))
      }
    }.whenFailure { carrier.value.streamFailed($0) }
    return 0
  }

  func sendBeside(_ head: HTTPRequestHead) -> Bool {
    _ = session.stream { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(HTTP2Exchange(head, [], nil))
      }
    }
    return true
  }

  func startCounting() {
    session.startCounting()
    session.isReady()
  }

  func outliveConnection() { session.outliveConnection() }
  func noteCount() {}
  /// The connection's count is its last reader's.
  func stopCounting() -> Carried? {
    session.isLeft(by: self)
    return Carried()
  }

  /// The connection, or the stream of it, is gone.
  func connectionEnded() {
    if isPending { return requestRefused() }
    if let trouble = session.trouble, conversation?.isOver == false { conversation?.fail(trouble) }
    conversation?.connectionEnded(isWhole: false)
  }

  fileprivate func streamFailed(_ error: any Error) {
    if isPending || session.hasPassedOver(error) {
      requestRefused()
    } else {
      conversation?.fail(ReadError(error))
    }
  }

  /// Something was answered.
  fileprivate func hear() {
    heardAt = readAt
    session.hasAnswered = true
  }

  /// The server has not begun with the request, and it may be sent again (RFC 9113, section 8.7): at once on another
  /// connection where one that has answered others is given up, and else a moment later.
  private func requestRefused() {
    let isGivenUp = !takesRequests && session.hasAnswered
    conversation?.moveOn(at: isGivenUp ? nil : Instant.now.advanced(by: Self.refusalPause))
  }

  private static let refusalPause = Duration.milliseconds(50)

  /// What is still being answered is cancelled.
  func close() {
    conversation = nil
    stream?.close(promise: nil)
    stream = nil
  }
}

/// One request and its answer.
private final class HTTP2Exchange: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  private let head: HTTPRequestHead
  private let body: [UInt8]
  /// Nil where nobody wants the answer.
  private let carrier: HTTP2Carrier?
  private var isWhole = false

  init(_ head: HTTPRequestHead, _ body: [UInt8], _ carrier: HTTP2Carrier?) {
    self.head = head
    self.body = body
    self.carrier = carrier
  }

  func channelActive(context: ChannelHandlerContext) {
    let headers = OutboundOut.headers(.init(headers: HPACKHeaders(head), endStream: body.isEmpty))
    let sent = context.eventLoop.makePromise(of: Void.self)
    context.write(wrapOutboundOut(headers), promise: sent)
    // It may have waited for its turn among the connection's streams until none began there any more.
    let exchange = NIOLoopBound(self, eventLoop: context.eventLoop)
    sent.futureResult.whenFailure { exchange.value.failed($0) }
    if !body.isEmpty {
      let data = OutboundOut.data(.init(data: .byteBuffer(ByteBuffer(bytes: body)), endStream: true))
      context.write(wrapOutboundOut(data), promise: nil)
    }
    context.flush()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    carrier?.hear()
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
    carrier?.conversation?.take(part, isFollowed: false)
  }

  private func end() {
    isWhole = true
    take(.end)
  }

  /// The stream was reset, or its connection is gone.
  func channelInactive(context: ChannelHandlerContext) {
    if !isWhole { carrier?.connectionEnded() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    failed(error)
  }

  private func failed(_ error: any Error) {
    if !isWhole { carrier?.streamFailed(error) }
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
