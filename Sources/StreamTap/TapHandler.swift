import LabClient
import MonotonicTime
import NIOCore

/// One tapped connection.
final class TapHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let request: TapRequest
  private let end: Instant
  private let isWished: @Sendable () -> Bool
  private var promise: EventLoopPromise<StreamTap.Outcome>?
  private let hear: @Sendable (StreamTap.Heard) -> Void
  private let handshake: SocketHandshake?
  private var reading: TapReading?
  private var watch: RepeatedTask?
  /// What broke the connection behind the head.
  private var trouble: String?
  private var isOpened = false

  init(
    _ request: TapRequest, until end: Instant, _ isWished: @escaping @Sendable () -> Bool,
    _ promise: EventLoopPromise<StreamTap.Outcome>, _ hear: @escaping @Sendable (StreamTap.Heard) -> Void
  ) {
    self.request = request
    self.end = end
    self.isWished = isWished
    self.promise = promise
    self.hear = hear
    handshake = request.target.isWebSocket ? SocketHandshake() : nil
  }

  /// The connection stands.
  func handlerAdded(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleRepeatedTask(
      initialDelay: .milliseconds(20), delay: .milliseconds(20)
    ) { _ in
      let (handler, context) = bound.value
      if handler.isWished() { handler.end(context, because: "it was interrupted") }
      if Instant.now >= handler.end { handler.end(context, because: "its time was over") }
    }
    ask(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
  }

  private func ask(_ context: ChannelHandlerContext) {
    var bytes = ByteBuffer(string: request.head(handshake?.fields ?? []))
    bytes.writeBytes(request.body ?? [])
    reading = TapReading(asked: .now, isWebSocket: request.target.isWebSocket)
    context.writeAndFlush(NIOAny(bytes), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Behind the end nothing is shown.
    guard promise != nil else { return }
    let now = Instant.now
    let bytes = Array(unwrapInboundIn(data).readableBytesView)
    hear(.bytes(bytes, at: now))
    do throws(TapError) {
      show(try reading?.take(bytes, at: now) ?? [])
    } catch {
      // What came before it is worth more than the mistake.
      show(reading?.takeNew() ?? [])
      return reading?.head == nil ? fail(context, error) : end(context, because: error.description)
    }
    if let head = reading?.head, head.status == 101, !isOpened {
      isOpened = true
      if let error = handshake?.error(in: head, offering: request.subprotocols) {
        return fail(context, .unreachable("\(error)"))
      }
    }
    if reading?.isOver == true { end(context, because: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    guard promise != nil else { return }
    guard let rest = reading?.endOfConnection(at: .now), reading?.head != nil else {
      return fail(context, .malformed("no answer of HTTP, and ended the connection"))
    }
    show(rest.pieces)
    end(
      context, because: rest.isCut ? "the connection ended before the response did" : trouble,
      isCut: rest.isCut)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let words = TapConnection.words(of: error, request.target)
    guard reading?.head != nil else { return fail(context, .unreachable(words)) }
    trouble = "the connection broke: \(words)"
    context.close(promise: nil)
  }

  private func show(_ pieces: [TappedPiece]) {
    if let asked = reading?.asked, !pieces.isEmpty { hear(.pieces(pieces, asked: asked)) }
  }

  private func end(_ context: ChannelHandlerContext, because ending: String?, isCut: Bool = false) {
    watch?.cancel()
    guard let promise = promise.take(), let reading else { return }
    var report = TapReport(reading)
    report.isCut = isCut
    promise.succeed(StreamTap.Outcome(report: report, ending: ending))
    context.close(promise: nil)
  }

  private func fail(_ context: ChannelHandlerContext, _ error: TapError) {
    watch?.cancel()
    promise.take()?.fail(error)
    context.close(promise: nil)
  }
}
