import Foundation
import MonotonicTime
import NIOCore
import NIOHTTP1
import TokenStream
import Wire

/// One of a journey's connections. What it says to read the stream, and how it understands the answers, is its
/// transport's.
final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  let plan: ReadingPlan
  let journey: Journey
  let channel: any Channel
  let tap: SocketTap
  private(set) var isOver = false
  var lastRequest = Instant.now
  /// A token is missing since a loss.
  var isRecovering: Bool
  private var stage = Stage.warming
  /// What the connection had carried when the reader asked.
  private var countWhenAsked = ConnectionCount()
  private var counter: ConnectionCounter?
  private var answer = (head: HTTPResponseHead?.none, body: ByteBuffer())
  private var watch: Scheduled<Void>?

  private enum Stage {
    case warming
    case asking
    case reading
  }

  /// Sets up the channel's pipeline.
  static func install(on channel: any Channel, journey: Journey) throws {
    let tap = SocketTap(onWire: journey.plan.onWire)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(tap)
    try pipeline.addHandler(HTTPRequestEncoder())
    try pipeline.addHandler(
      ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)))
    try pipeline.addHandler(Conversation(channel: channel, journey: journey, tap: tap))
  }

  private init(channel: any Channel, journey: Journey, tap: SocketTap) {
    self.channel = channel
    self.journey = journey
    self.tap = tap
    plan = journey.plan
    isRecovering = journey.missing != nil
  }

  func channelActive(context: ChannelHandlerContext) {
    journey.isConnected(self)
    guard !isOver else { return }
    if plan.recovery != .none { counter = ConnectionCounter(channel) }
    if case .resume(let resumption) = plan.recovery, let silence = resumption.silence {
      watchSilence(of: silence)
    }
    if journey.needsWarming {
      send(.GET, "/healthz")
    } else {
      ask()
    }
  }

  private func ask() {
    if let stream = journey.stream { return begin(stream) }
    if journey.asksInStream {
      stage = .reading
      return journey.transport.begin(in: self, from: journey.next)
    }
    stage = .asking
    let question = journey.question
    journey.reading.up.payload += question.count
    send(.POST, "/streams", body: question)
  }

  private func endWarming() {
    countWhenAsked = ConnectionCount(channel) ?? ConnectionCount()
    isRecovering = false
    journey.endWarming()
    ask()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if case .head(let head) = part { journey.reading.down.heads += head.wireCount }
    guard !isOver else { return }
    switch (stage, part) {
    case (.reading, _): journey.transport.received(part, in: self)
    case (_, .head(let head)): answer.head = head
    case (.warming, .body): break
    case (.warming, .end): endWarming()
    case (.asking, .body(var bytes)): answer.body.writeBuffer(&bytes)
    case (.asking, .end): takeAnswer()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.connectionLost)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let error = ReadError(error)
    // A lost connection's channel becomes inactive next; what it brought before is still being read.
    if case .connectionLost = error { return }
    fail(error)
  }

  private func takeAnswer() {
    guard let head = answer.head else { return fail(.malformed("an answer without a head")) }
    let body = Data(answer.body.readableBytesView)
    guard head.status == .created, let stream = try? JSONDecoder().decode(StreamStarted.self, from: body)
    else { return fail(ReadError(refusedBy: head, body: String(decoding: body, as: UTF8.self))) }
    guard journey.epoch == nil || journey.epoch == stream.epoch else {
      return fail(.refused(status: 409, body: "the epoch is \(stream.epoch)"))
    }
    begin(stream)
  }

  private func begin(_ stream: StreamStarted) {
    stage = .reading
    journey.isReading(stream)
    journey.transport.begin(in: self, from: journey.next)
  }

  /// Takes a connection for dead that is silent while an answer is due. The clock is read for each arrival
  /// anyway, so that this costs nothing while bytes come.
  private func watchSilence(of silence: Duration) {
    let hold = stage == .reading && plan.variant.transport == .longPolling ? plan.variant.wait : .zero
    let now = Instant.now
    let isDue = stage != .reading || journey.transport.idleUntil == nil
    let heard = isDue ? max(tap.readAt, lastRequest) : now
    let left = now.duration(to: heard.advanced(by: silence + hold))
    guard left > .zero else { return fail(.silent(silence + hold)) }
    watch = channel.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(left.inNanoseconds)) {
      if !self.isOver { self.watchSilence(of: silence) }
    }
  }
}

extension Conversation {
  /// The stream's end was reached: all is read.
  func finish(_ reason: EndReason) {
    guard !isOver else { return }
    leave()
    journey.finish(reason, at: tap.readAt)
  }

  /// The connection is of no more use.
  func fail(_ error: ReadError) {
    guard !isOver else { return }
    leave()
    let isReading = stage == .reading
    journey.lost(error, isAsking: !isReading, idleUntil: isReading ? journey.transport.idleUntil : nil)
  }

  func failIfRefused(_ head: HTTPResponseHead) -> Bool {
    guard head.status != .ok else { return false }
    fail(ReadError(refusedBy: head))
    return true
  }

  /// Counts what the connection carried, and closes it.
  func leave() {
    guard !isOver else { return }
    isOver = true
    watch?.cancel()
    if let count = counter?.count ?? ConnectionCount(channel) { journey.add(count - countWhenAsked) }
    counter = nil
    channel.close(promise: nil)
  }
}
