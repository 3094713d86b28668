import Answers
import MonotonicTime
import NIOCore
import NIOHTTP1
import NIOPosix
import Readings
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
    try await timedRequest(method, path, body: body, from: server).text
  }

  func timedRequest(
    _ method: HTTPMethod, _ path: String, body: [UInt8] = [], from server: ServerAddress
  ) async throws -> TimedAnswer {
    // The loop's thread may be in another network than this one, and a socket is made where it is asked for.
    let loop = group.next()
    return try await loop.flatSubmit {
      LabClient.request(method, path, body: body, from: server, on: loop)
    }.get()
  }
}

/// An answer that is read as a whole, with its times.
struct TimedAnswer: Sendable {
  var text: String
  /// When the request was sent, on a connection that stood.
  var asked: Instant
  /// When the answer's head had come.
  var answered: Instant
}

/// One request over a connection of its own; fails with a `ReadError`.
func request(
  _ method: HTTPMethod, _ path: String, body: [UInt8] = [], _ heads: RequestHeads = .lean,
  from server: ServerAddress, on loop: any EventLoop
) -> EventLoopFuture<TimedAnswer> {
  let promise = loop.makePromise(of: TimedAnswer.self)
  let head = {
    var head = HTTPRequestHead(method, path, heads, to: server, bodyCount: body.count)
    if heads == .lean { head.headers.add(name: "Connection", value: "close") }
    return head
  }()
  ClientBootstrap(group: loop)
    .connectTimeout(.seconds(5))
    .channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.encrypt(for: server, speaking: .http1)
        try channel.pipeline.syncOperations.addHandler(HTTPRequestEncoder())
        try channel.pipeline.syncOperations.addHandler(Requester(head, body, promise))
      }
    }
    .connect(to: server, on: loop)
    .whenFailure { promise.fail($0) }
  return promise.futureResult
}

private final class Requester: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let head: HTTPRequestHead
  private let body: [UInt8]
  private var promise: EventLoopPromise<TimedAnswer>?
  private var asked = Instant.now
  private var answered = Instant.now
  private var decoder = ResponseDecoder()
  private var answer: AnswerText?
  private var patience: Scheduled<Void>?

  /// From the request to the end of its answer. A server that cannot take it may leave it with the kernel for ever.
  private static let longestAnswer = Duration.seconds(15)

  init(_ head: HTTPRequestHead, _ body: [UInt8], _ promise: EventLoopPromise<TimedAnswer>) {
    self.head = head
    self.body = body
    self.promise = promise
  }

  func channelActive(context: ChannelHandlerContext) {
    decoder.expect()
    asked = .now
    context.channel.write(head, body: body)
    let channel = context.channel
    patience = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(Self.longestAnswer)) {
      self.conclude(.failure(ReadError.silent(Self.longestAnswer)))
      channel.close(promise: nil)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
      var rest = bytes
      do {
        while promise != nil, let part = try decoder.next(&rest) { try take(part) }
      } catch {
        conclude(.failure(ReadError(error)))
      }
    }
    if promise == nil { context.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if decoder.endOfConnection() { conclude() }
    conclude(.failure(ReadError.connectionLost))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    conclude(.failure(ReadError(error)))
    context.close(promise: nil)
  }

  private func take(_ part: ResponseDecoder.Part) throws(ReadError) {
    switch part {
    case .head(let head):
      answered = .now
      answer = AnswerText(head)
    case .body(let bytes): try answer?.append(bytes)
    case .end: conclude()
    case .interim, .unasked: break
    }
  }

  /// The answer is whole.
  private func conclude() {
    guard let answer else { return }
    conclude(Result { TimedAnswer(text: try answer.text, asked: asked, answered: answered) })
  }

  private func conclude(_ result: Result<TimedAnswer, any Error>) {
    patience?.cancel()
    promise?.completeWith(result)
    promise = nil
  }
}
