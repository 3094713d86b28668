import Foundation
import MonotonicTime
import NIOCore
import NIOHTTP1
import TokenStream
import Wire

/// One reader's connection, from asking to the stream's end. What it says to read the stream, and how it
/// understands the answers, is its transport's.
final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  let plan: ReadingPlan
  /// The stream being read; known once the server has answered.
  private(set) var stream: StreamStarted?
  private var reading: Reading
  private var transport: any TransportReader
  private var stage: Stage
  /// What the connection had carried when the reader asked.
  private var countWhenAsked = ConnectionCount()
  private var answer = (status: 0, body: ByteBuffer())
  private var outcome: EventLoopPromise<Reading>?
  private var deadline: Scheduled<Void>?
  private let tap: SocketTap
  private(set) var channel: any Channel

  private enum Stage {
    case warming
    case asking
    case reading
  }

  /// Sets up the channel's pipeline.
  static func install(
    on channel: any Channel, plan: ReadingPlan, asked: Instant, outcome: EventLoopPromise<Reading>
  ) throws {
    let tap = SocketTap(onWire: plan.onWire)
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(tap)
    try pipeline.addHandler(HTTPRequestEncoder())
    try pipeline.addHandler(
      ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)))
    try pipeline.addHandler(
      Conversation(channel: channel, plan: plan, asked: asked, tap: tap, outcome: outcome))
  }

  private init(
    channel: any Channel, plan: ReadingPlan, asked: Instant, tap: SocketTap,
    outcome: EventLoopPromise<Reading>
  ) {
    self.channel = channel
    self.plan = plan
    self.tap = tap
    self.outcome = outcome
    reading = Reading(asked: asked, started: asked)
    reading.connections = 1
    reading.arrivals.reserveCapacity(plan.expected.count)
    reading.isWarm = plan.isWarm
    stage = .warming
    transport = Transports.reader(for: plan.variant)
  }

  func channelActive(context: ChannelHandlerContext) {
    let limit = plan.limit ?? plan.expected.length + plan.patience
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(limit.inNanoseconds)) {
      self.fail(.timedOut)
    }
    if plan.isWarm {
      send(.GET, "/healthz")
    } else {
      ask()
    }
  }

  private func ask() {
    stage = .asking
    if let stream = plan.stream {
      begin(stream)
    } else {
      let question = plan.expected.question.json
      reading.up.payload = question.count
      send(.POST, "/streams", body: question)
    }
  }

  /// From here on it counts.
  private func endWarming() {
    countWhenAsked = ConnectionCount(channel) ?? ConnectionCount()
    reading.requests = 0
    reading.up = ByteSplit()
    reading.down = ByteSplit()
    reading.asked = .now
    ask()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if case .head(let head) = part { reading.down.heads += head.wireCount }
    switch (stage, part) {
    case (.reading, _): transport.received(part, in: self)
    case (_, .head(let head)): answer.status = Int(head.status.code)
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
    fail(.malformed("\(error)"))
  }

  private func takeAnswer() {
    let body = Data(answer.body.readableBytesView)
    guard answer.status == 201, let stream = try? JSONDecoder().decode(StreamStarted.self, from: body) else {
      return fail(.refused(status: answer.status, body: String(decoding: body, as: UTF8.self)))
    }
    begin(stream)
  }

  private func begin(_ stream: StreamStarted) {
    stage = .reading
    self.stream = stream
    reading.started = Instant(nanoseconds: stream.started)
    transport.begin(in: self, from: plan.from)
  }
}

extension Conversation {
  /// Sends a request on the kept connection.
  func send(
    _ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: [UInt8] = []
  ) {
    reading.requests += 1
    let server = plan.server
    let host = server.host.contains(":") ? "[\(server.host)]" : server.host
    var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
    head.headers.add(name: "Host", value: "\(host):\(server.port)")
    for (name, value) in headers { head.headers.add(name: name, value: value) }
    if !body.isEmpty {
      head.headers.add(name: "Content-Type", value: "application/json")
      head.headers.add(name: "Content-Length", value: String(body.count))
    }
    reading.up.heads += head.wireCount
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    if !body.isEmpty {
      channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
    }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  /// Asks for one of the stream's resources.
  func read(_ transport: Transport, _ query: String, headers: [(String, String)] = []) {
    guard let stream else { return }
    send(.GET, "/streams/\(stream.stream)/\(transport.resource)?\(query)", headers: headers)
  }

  /// The fast way for a token that came as these bytes: they are, to the byte, what the generator gives for
  /// the index wanted. False says that they have to be looked at.
  func takesAsNext(_ bytes: some Sequence<UInt8>, wanted index: Int) -> Bool {
    guard plan.onToken == nil, plan.expected.matches(bytes, index: index) else { return false }
    reading.down.payload += plan.expected.payloadCount(index)
    reading.arrivals.append(Arrival(index: index, at: tap.readAt, isIntact: true))
    return true
  }

  /// A head came past this handler.
  func tookHead(count: Int) {
    reading.down.heads += count
  }

  /// The same for a page in the midst of a stream.
  /// - Returns: how many tokens it brought; nil says that it has to be looked at.
  func takesAsPage(_ bytes: ByteBufferView, wanted index: Int) -> Int? {
    guard plan.onToken == nil, let count = plan.expected.pageCount(bytes, from: index) else { return nil }
    for index in index..<(index + count) {
      reading.down.payload += plan.expected.payloadCount(index)
      reading.arrivals.append(Arrival(index: index, at: tap.readAt, isIntact: true))
    }
    return count
  }

  func took(_ payload: TokenPayload) {
    let isIntact = plan.expected.matches(payload)
    reading.down.payload += isIntact ? plan.expected.payloadCount(payload.index) : payload.json.count
    reading.arrivals.append(Arrival(index: payload.index, at: tap.readAt, isIntact: isIntact))
    plan.onToken?(payload)
  }

  /// The stream's end was reached: all is read.
  func finish(_ reason: EndReason) {
    reading.end = reason
    reading.ended = tap.readAt
    conclude()
  }

  func fail(_ error: ReadError) {
    reading.failure = error.description
    conclude()
  }

  var isOver: Bool { outcome == nil }

  func failIfRefused(_ head: HTTPResponseHead) -> Bool {
    guard head.status != .ok else { return false }
    fail(.refused(status: Int(head.status.code), body: head.status.reasonPhrase))
    return true
  }

  private func conclude() {
    guard let outcome else { return }
    self.outcome = nil
    deadline?.cancel()
    if let count = ConnectionCount(channel) {
      let sinceAsked = count - countWhenAsked
      reading.up.total = sinceAsked.bytesUp
      reading.down.total = sinceAsked.bytesDown
      reading.segmentsUp = sinceAsked.segmentsUp
      reading.segmentsDown = sinceAsked.segmentsDown
      reading.retransmissions = sinceAsked.retransmissions
    }
    outcome.succeed(reading)
    channel.close(promise: nil)
  }
}
