import Answers
import MessageCompression
import MonotonicTime
import NIOCore
import Wire

/// What is said on one of a journey's connections. What it says to read the stream, and how it understands the answers, is its
/// transport's.
final class Conversation {
  let plan: ReadingPlan
  let journey: Journey
  let carrier: any Carrier
  /// Nothing more is read.
  var isOver = false
  /// Leave is taken.
  var isReleased = false
  var lastRequest = Instant.now
  /// A token is missing since a loss.
  var isRecovering: Bool
  /// What is sent and heard once the connection has changed to WebSocket.
  var socket: SocketConnection?
  /// The last answer allows no other request behind it (RFC 9112, section 9.6).
  private(set) var isLastAnswer = false
  private(set) var stage = Stage.warming
  /// Why the server is about to end the response, in its words.
  var dismissal: String?
  private var answer: AnswerText?
  /// For a body that is coded as was allowed.
  private var inflater: ContentInflater?
  var watch: Scheduled<Void>?

  enum Stage {
    case warming
    case asking
    case reading
  }

  init(journey: Journey, carrier: any Carrier) {
    self.journey = journey
    self.carrier = carrier
    plan = journey.plan
    isRecovering = journey.missing != nil
  }

  /// The connection stands.
  /// - Parameter opensConnection: it is the first that the connection carries.
  func begin(opensConnection: Bool) {
    journey.isConnected(self, isNew: opensConnection)
    guard !isOver else { return }
    if plan.recovery != .none { carrier.outliveConnection() }
    if case .resume(let resumption) = plan.recovery, let silence = resumption.silence {
      watchSilence(of: silence)
    }
    if !journey.needsWarming { return ask() }
    if opensConnection { send(.GET, "/healthz") } else { endWarming() }
  }

  private func ask() {
    if journey.asksInStream {
      stage = .reading
      return journey.transport.begin(in: self, from: journey.next)
    }
    if let stream = journey.stream { return begin(stream) }
    stage = .asking
    send(.POST, "/streams", body: journey.question)
  }

  /// The connection, or the part of it that was this conversation's, is gone.
  /// - Parameter isWhole: the answer that was being read is whole by that.
  func connectionEnded(isWhole: Bool) {
    if isOver {
      socket?.connectionEnded()
      return release()
    }
    if isWhole { endAnswer() }
    failAtEnd()
  }

  /// A part of the answer came.
  /// - Parameter isFollowed: something has come behind it.
  func take(_ part: ResponseDecoder.Part, isFollowed: Bool) {
    switch part {
    case .interim(let head):
      journey.reading.down.heads += head.size
    case .head(let head):
      journey.reading.down.heads += head.size
      journey.refusals = 0
      take(head)
    case .body(let bytes):
      if let inflater { return takeCoded(bytes, inflater) }
      if stage == .reading { return journey.transport.received(bytes, in: self) }
      do throws(ReadError) { try answer?.append(bytes) } catch { fail(error) }
    case .end:
      // Nothing was asked for behind this answer yet (RFC 9112, section 9.2).
      if isFollowed { isLastAnswer = true }
      endAnswer()
    case .unasked:
      moveOn(at: journey.transport.idleUntil)
    }
  }

  private func take(_ head: ReceivedHead) {
    if !head.keepsConnection {
      isLastAnswer = true
      carrier.outliveConnection()
    }
    inflater =
      stage == .reading && mayBeCoded && head.list("content-encoding") == ["gzip"]
      ? ContentInflater() : nil
    if inflater == nil, stage == .reading, head.status == 200, let error = head.codingError {
      return fail(error)
    }
    if stage == .reading {
      journey.transport.received(head, in: self)
    } else {
      answer = AnswerText(head)
    }
  }

  /// Chromium's requests allow it by themselves.
  private var mayBeCoded: Bool { plan.variant.coding == .gzip || plan.variant.heads == .chromium }

  private func endAnswer() {
    if !carrier.takesRequests { isLastAnswer = true }
    switch stage {
    case .warming: endWarming()
    case .asking: takeAnswer()
    case .reading: journey.transport.answerEnded(in: self)
    }
    if isLastAnswer, !isOver { moveOn(at: journey.transport.idleUntil) }
  }

  private func endWarming() {
    carrier.startCounting()
    isRecovering = false
    journey.endWarming()
    if !isLastAnswer { ask() }
  }

  /// How much of a coded body was for tokens, and how much for what is around them, cannot be told.
  private func takeCoded(_ bytes: UnsafeRawBufferPointer, _ inflater: ContentInflater) {
    journey.reading.isSplit = false
    do throws(ContentInflater.Malformed) {
      try inflater.inflate(bytes) { said in
        if !said.isEmpty, !isOver { journey.transport.received(said, in: self) }
      }
    } catch {
      fail(.malformed("a body that is not coded as it says"))
    }
  }

  private func takeAnswer() {
    guard let answer else { return }
    do throws(ReadError) {
      let text = try answer.text
      guard answer.head.status == 201, let stream = try? StreamStarted(json: text.utf8) else {
        throw ReadError(refusedBy: answer.head, body: text)
      }
      try journey.isAnswered(with: stream, at: carrier.readAt)
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
    let heard = isDue ? max(carrier.heardAt, lastRequest) : now
    let left = now.duration(to: heard.advanced(by: silence + hold))
    guard left > .zero else { return fail(.silent(silence + hold)) }
    watch = after(left) { self.watchSilence(of: silence) }
  }

  /// Goes on behind a pause, unless it is over by then.
  @discardableResult
  func after(_ pause: Duration, _ then: @escaping () -> Void) -> Scheduled<Void> {
    journey.loop.assumeIsolated().scheduleTask(in: .nanoseconds(pause.inNanoseconds)) {
      if !self.isOver { then() }
    }
  }
}
