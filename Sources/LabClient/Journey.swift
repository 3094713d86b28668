import Answers
import MonotonicTime
import NIOCore
import NIOPosix
import Readings
import Wire

/// One reader's way through one stream, over as many connections as it takes. Confined to its event loop.
final class Journey {
  let plan: ReadingPlan
  var reading: Reading
  /// The stream being read; nil while the server has to be asked.
  var stream: StreamStarted?
  /// The answer's text; known once a stream was.
  private(set) var epoch: String?
  /// What the transport remembers from one connection to the next.
  let transport: any TransportReader
  let loop: any EventLoop
  /// With HTTP/2; nil where every connection is its own.
  private let shared: SharedConnection?
  private(set) var needsWarming: Bool
  private var conversation: Conversation?
  private var outcome: EventLoopPromise<Reading>?
  private(set) var isOver = false
  /// The connections of which leave is being taken.
  var partings = 0
  private var deadline: Scheduled<Void>?
  var comeback: Scheduled<Void>?

  /// Requests that the server has not begun with, since it answered one.
  var refusals = 0
  /// The last outage is not over: this is the index that would end it.
  var missing: Int?
  /// Since a token came.
  var failedAttempts = 0
  /// The stream was unknown, and no token has come since.
  var wasUnknown = false
  var generator: SeededGenerator

  init(
    _ plan: ReadingPlan, asked: Instant, on loop: any EventLoop, outcome: EventLoopPromise<Reading>
  ) {
    self.plan = plan
    self.loop = loop
    self.outcome = outcome
    reading = Reading(
      asked: asked, started: asked, offsets: plan.expected.offsets, texts: plan.expected.texts)
    reading.isWarm = plan.isWarm
    reading.recovery = plan.recovery
    reading.arrivals.reserveCapacity(plan.expected.count)
    needsWarming = plan.isWarm
    shared = plan.variant.http == .two ? plan.connection?.connection ?? SharedConnection(on: loop) : nil
    generator = SeededGenerator(seed: plan.seed)
    transport = plan.variant.transport.reader.init(plan.variant, &generator)
    if let stream = plan.stream { isReading(stream) }
  }

  func begin() {
    shared?.enter()
    setDeadline()
    connect()
  }

  func connect() {
    guard !isOver else { return }
    if missing != nil { reading.outages[reading.outages.count - 1].attempts += 1 }
    if let shared { return shared.join(self) }
    let journey = NIOLoopBound(self, eventLoop: loop)
    ClientBootstrap(readingOn: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try OwnConnection.install(on: channel, for: journey.value)
        }
      }
      .connect(to: plan.server, on: loop)
      .whenFailure { journey.value.lost(ReadError($0)) }
  }

  /// - Parameter isNew: the connection was made for it.
  func isConnected(_ conversation: Conversation, isNew: Bool) {
    guard !isOver else { return conversation.leave() }
    self.conversation = conversation
    if isNew { reading.connections += 1 }
    if !needsWarming, reading.connected == nil { reading.connected = .now }
    if isNew, missing != nil { reading.outages[reading.outages.count - 1].connections += 1 }
  }

  /// From here on it counts: what came before was to warm the connection.
  func endWarming() {
    needsWarming = false
    missing = nil
    reading.outages = []
    reading.connections = min(1, reading.connections)
    reading.requests = 0
    reading.up = ByteSplit()
    reading.down = ByteSplit()
    reading.asked = .now
  }

  /// The server has named the stream: in answer to a question, or in the stream itself.
  /// - Throws: `ReadError` where it holds another answer than the one that was being read.
  func isAnswered(with stream: StreamStarted, at instant: Instant) throws(ReadError) {
    guard epoch == nil || epoch == stream.epoch else {
      throw .refused(status: 409, body: "the epoch is \(stream.epoch)")
    }
    if reading.answered == nil, plan.stream == nil { reading.answered = instant }
    isReading(stream)
  }

  /// The stream that the server named, or the plan.
  func isReading(_ stream: StreamStarted) {
    if epoch == nil {
      epoch = stream.epoch
      reading.started = Instant(nanoseconds: stream.started)
    }
    self.stream = stream
    reading.stream = stream
  }
}

extension Journey {
  /// The first index that has not come.
  var next: Int { reading.arrivals.last.map { $0.index + 1 } ?? plan.from }

  /// Whether the stream is asked for and read in one request; so too by who leaves it to say stop.
  var asksInStream: Bool {
    guard plan.stream == nil else { return false }
    return plan.variant.asking == .atOnce || plan.stopAfter != nil && plan.variant.stopping == .close
  }

  /// The body that asks: for the whole answer, or for the rest of the one that was being read.
  var question: [UInt8] {
    let question = plan.expected.question
    guard epoch != nil || asksInStream else { return question.json }
    return Asking(question, from: next, epoch: epoch).json
  }

  func countRequest() {
    reading.requests += 1
    if missing != nil { reading.outages[reading.outages.count - 1].requests += 1 }
  }

  /// What a connection carried, at its end.
  func add(_ carried: Carried) {
    let count = carried.count
    reading.up.heads += carried.headBytesUp
    reading.down.heads += carried.headBytesDown
    reading.up.total += count.bytesUp
    reading.down.total += count.bytesDown
    reading.segmentsUp += count.segmentsUp
    reading.segmentsDown += count.segmentsDown
    reading.retransmissions += count.retransmissions
  }
}

extension Journey {
  func finish(_ reason: EndReason, at instant: Instant) {
    reading.end = reason
    reading.ended = instant
    conclude()
  }

  func fail(_ error: ReadError) {
    guard !isOver else { return }
    reading.failure = error.description
    conclude()
  }

  /// Ends a naive reading where its reader gives up.
  func abandon(after error: ReadError) {
    reading.abandoned = error.description
    conclude()
  }

  private func conclude() {
    guard !isOver else { return }
    isOver = true
    // Not before it has all that was carried.
    partings += 1
    conversation?.leave()
    conversation = nil
    shared?.leave(self)
    deadline?.cancel()
    comeback?.cancel()
    hasParted()
  }

  /// Leave of a connection is taken. The last word of a WebSocket counts, and is not to be cut off by who has what
  /// was read.
  func hasParted() {
    partings -= 1
    deliver()
  }

  private func deliver() {
    guard isOver, partings == 0, let outcome else { return }
    self.outcome = nil
    outcome.succeed(reading)
  }

  /// Counts the time that the rest of the stream may take from here on.
  func setDeadline() {
    deadline?.cancel()
    deadline = loop.assumeIsolated().scheduleTask(in: .nanoseconds(limit.inNanoseconds)) {
      if self.plan.recovery == .naive, self.stream != nil {
        self.abandon(after: .timedOut)
      } else {
        self.fail(.timedOut)
      }
    }
  }
}
