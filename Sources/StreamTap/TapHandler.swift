import LabClient
import MonotonicTime
import NIOCore

/// One tapped connection.
final class TapHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let request: TapRequest
  private let limit: Duration
  private let isWished: @Sendable () -> Bool
  private var promise: EventLoopPromise<StreamTap.Outcome>?
  private let hear: @Sendable (StreamTap.Heard) -> Void
  private let handshake: SocketHandshake?
  private var reading: TapReading?
  private var watch: RepeatedTask?

  init(
    _ request: TapRequest, _ limit: Duration, _ isWished: @escaping @Sendable () -> Bool,
    _ promise: EventLoopPromise<StreamTap.Outcome>, _ hear: @escaping @Sendable (StreamTap.Heard) -> Void
  ) {
    self.request = request
    self.limit = limit
    self.isWished = isWished
    self.promise = promise
    self.hear = hear
    handshake = request.target.isWebSocket ? SocketHandshake() : nil
  }

  /// TLS says so once it has shaken hands; without it the connection itself does.
  func channelActive(context: ChannelHandlerContext) {
    var bytes = ByteBuffer(string: request.head(handshake?.fields ?? []))
    bytes.writeBytes(request.body ?? [])
    let asked = Instant.now
    reading = TapReading(asked: asked, isWebSocket: request.target.isWebSocket)
    context.writeAndFlush(NIOAny(bytes), promise: nil)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(20), delay: .milliseconds(20))
    { _ in
      let (handler, context) = bound.value
      if handler.isWished() { handler.end(context, because: "it was interrupted") }
      if asked.duration(to: .now) >= handler.limit { handler.end(context, because: "its time was over") }
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let now = Instant.now
    let bytes = Array(unwrapInboundIn(data).readableBytesView)
    hear(.bytes(bytes, at: now))
    do throws(TapError) {
      let pieces = try reading?.take(bytes, at: now) ?? []
      show(pieces)
    } catch {
      return fail(context, error)
    }
    if let head = reading?.head, head.status == 101, let error = handshake?.error(in: head) {
      return fail(context, .malformed("\(error)"))
    }
    if reading?.isOver == true { end(context, because: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    guard let rest = reading?.endOfConnection(at: .now) else { return }
    guard reading?.head != nil else {
      return fail(context, .malformed("no answer of HTTP, and ended the connection"))
    }
    show(rest.pieces)
    end(context, because: rest.isCut ? "the connection ended before the response did" : nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Some servers end TLS without a word, which the response's own end tells from a cut.
    guard reading?.head == nil else { return context.close(promise: nil) }
    fail(context, .unreachable(StreamTap.words(of: error, request.target)))
  }

  private func show(_ pieces: [TappedPiece]) {
    if let asked = reading?.asked, !pieces.isEmpty { hear(.pieces(pieces, asked: asked)) }
  }

  private func end(_ context: ChannelHandlerContext, because ending: String?) {
    watch?.cancel()
    guard let promise = promise.take() else { return }
    if let report = reading.map({ TapReport($0) }) {
      promise.succeed(StreamTap.Outcome(report: report, ending: ending))
    }
    context.close(promise: nil)
  }

  private func fail(_ context: ChannelHandlerContext, _ error: TapError) {
    watch?.cancel()
    promise.take()?.fail(error)
    context.close(promise: nil)
  }
}
