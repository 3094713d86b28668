import Answers
import MonotonicTime
import NIOCore
import NIOHTTP1
import Wire

/// One of a journey's connections. What it says to read the stream, and how it understands the answers, is its
/// transport's.
final class Conversation: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  let plan: ReadingPlan
  let journey: Journey
  let channel: any Channel
  let tap: SocketTap
  /// Nothing more is read.
  var isOver = false
  /// Leave is taken.
  var isReleased = false
  var lastRequest = Instant.now
  /// A token is missing since a loss.
  var isRecovering: Bool
  /// What is sent and heard once the connection has changed to WebSocket.
  var socket: SocketConnection?
  var decoder = ResponseDecoder()
  /// The last answer allows no other request behind it (RFC 9112, section 9.6).
  private(set) var isLastAnswer = false
  private(set) var stage = Stage.warming
  var meter: ConnectionMeter
  /// Why the server is about to end the response, in its words.
  var dismissal: String?
  private var answer: AnswerText?
  /// The connection was not ended but broke.
  private var isBroken = false
  var watch: Scheduled<Void>?

  enum Stage {
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
    try pipeline.addHandler(Conversation(channel: channel, journey: journey, tap: tap))
  }

  private init(channel: any Channel, journey: Journey, tap: SocketTap) {
    self.channel = channel
    self.journey = journey
    self.tap = tap
    meter = ConnectionMeter(channel)
    plan = journey.plan
    isRecovering = journey.missing != nil
  }

  func channelActive(context: ChannelHandlerContext) {
    journey.isConnected(self)
    guard !isOver else { return }
    if plan.recovery != .none { meter.outliveConnection() }
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
    if journey.asksInStream {
      stage = .reading
      return journey.transport.begin(in: self, from: journey.next)
    }
    if let stream = journey.stream { return begin(stream) }
    stage = .asking
    let question = journey.question
    journey.reading.up.payload += question.count
    send(.POST, "/streams", body: question)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
      var rest = bytes
      do {
        while socket == nil, !isOver, let part = try decoder.next(&rest) { take(part, before: rest) }
      } catch {
        return fail(ReadError(error))
      }
      if let socket { socket.received(rest, in: self) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if isOver {
      socket?.connectionEnded()
      return release()
    }
    if !isBroken, decoder.endOfConnection() { endAnswer() }
    failAtEnd()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    socket?.becameWritable()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let error = ReadError(error)
    // A lost connection's channel becomes inactive next; what it brought before is still being read.
    if case .connectionLost = error {
      isBroken = true
    } else {
      fail(error)
    }
  }

  /// - Parameter rest: what has come behind it.
  private func take(_ part: ResponseDecoder.Part, before rest: UnsafeRawBufferPointer) {
    switch part {
    case .interim(let head):
      journey.reading.down.heads += head.size
    case .head(let head):
      journey.reading.down.heads += head.size
      take(head)
    case .body(let bytes):
      if stage == .reading { return journey.transport.received(bytes, in: self) }
      do throws(ReadError) { try answer?.append(bytes) } catch { fail(error) }
    case .end:
      // Nothing was asked for behind this answer yet (RFC 9112, section 9.2).
      if !rest.isEmpty { isLastAnswer = true }
      endAnswer()
    case .unasked:
      moveOn(at: journey.transport.idleUntil)
    }
  }

  private func take(_ head: ReceivedHead) {
    if !head.keepsConnection {
      isLastAnswer = true
      meter.outliveConnection()
    }
    if stage == .reading, head.status == 200, let error = head.codingError { return fail(error) }
    if stage == .reading {
      journey.transport.received(head, in: self)
    } else {
      answer = AnswerText(head)
    }
  }

  private func endAnswer() {
    switch stage {
    case .warming: endWarming()
    case .asking: takeAnswer()
    case .reading: journey.transport.answerEnded(in: self)
    }
    if isLastAnswer, !isOver { moveOn(at: journey.transport.idleUntil) }
  }

  private func endWarming() {
    meter.start()
    isRecovering = false
    journey.endWarming()
    if !isLastAnswer { ask() }
  }

  private func takeAnswer() {
    guard let answer else { return }
    do throws(ReadError) {
      let text = try answer.text
      guard answer.head.status == 201, let stream = try? StreamStarted(json: text.utf8) else {
        throw ReadError(refusedBy: answer.head, body: text)
      }
      try journey.isAnswered(with: stream, at: tap.readAt)
      if !isLastAnswer { begin(stream) }
    } catch {
      fail(error)
    }
  }

  private func begin(_ stream: StreamStarted) {
    stage = .reading
    journey.isReading(stream)
    journey.transport.begin(in: self, from: journey.next)
  }

  /// Takes a connection for dead that is silent while an answer is due. The clock is read for each arrival
  /// anyway, so that this costs nothing while bytes come.
  private func watchSilence(of silence: Duration) {
    let hold = stage == .reading ? journey.transport.longestHold : .zero
    let now = Instant.now
    let isDue = stage != .reading || journey.transport.idleUntil == nil
    let heard = isDue ? max(tap.readAt, lastRequest) : now
    let left = now.duration(to: heard.advanced(by: silence + hold))
    guard left > .zero else { return fail(.silent(silence + hold)) }
    watch = after(left) { self.watchSilence(of: silence) }
  }

  /// Goes on behind a pause, unless it is over by then.
  @discardableResult
  func after(_ pause: Duration, _ then: @escaping () -> Void) -> Scheduled<Void> {
    channel.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(pause.inNanoseconds)) {
      if !self.isOver { then() }
    }
  }
}
