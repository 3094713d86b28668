import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import PlainText
import Synchronization

/// A server that speaks the OpenAI interface. Whatever is said of it is one line, which names the server and never the key.
public final class ModelInterface: Sendable {
  private let base: URL
  private let speaker: ModelSpeaker
  private let client: HTTPClient
  /// All is read on one, so that what comes is timed where it comes.
  private let loop: any EventLoop
  private let lastRead = LastRead()

  /// - Parameters:
  ///   - baseURL: what stands before `/chat/completions`, such as `http://localhost:8000/v1`.
  ///   - key: what it wants as `Authorization: Bearer KEY`; nil where it wants nothing. It stands in the request and nowhere
  ///     else.
  ///   - silence: how long it may say nothing before it is given up.
  /// - Throws: `UpstreamMistake`.
  public init(baseURL: String, key: String?, silence: Duration = .seconds(60)) throws(UpstreamMistake) {
    var trimmed = baseURL[...]
    while trimmed.last == "/" { trimmed.removeLast() }
    guard let base = URL(string: String(trimmed)), ["http", "https"].contains(base.scheme?.lowercased()),
      (1...65_535).contains(base.port ?? 80), let host = base.host, !host.isEmpty, base.user == nil,
      base.password == nil, base.query == nil,
      base.fragment == nil
    else { throw .baseURL(baseURL) }
    if let key {
      guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw .key }
    }
    self.base = base
    speaker = ModelSpeaker(place: base.port.map { "\(host):\($0)" } ?? host, key: key, silence: silence)
    var configuration = HTTPClient.Configuration()
    // A redirect would take the question, and maybe the key, to somebody who was not named.
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(10)
    configuration.timeout.read = .nanoseconds(silence.inNanoseconds)
    // Shorter than servers keep an idle connection, which a request would find closed.
    configuration.connectionPool.idleTimeout = .seconds(4)
    // Who refuses a connection is told at once.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.mostAtATime
    // One connection of HTTP/2 would be shared, and requests would wait in it for one another.
    configuration.httpVersion = .http1Only
    configuration.http1_1ConnectionDebugInitializer = { [lastRead] in SocketEdge.add(to: $0, lastRead) }
    loop = MultiThreadedEventLoopGroup.singleton.next()
    client = HTTPClient(eventLoopGroupProvider: .shared(loop), configuration: configuration)
  }

  /// How many answers can be read at a time, each over a connection of its own.
  public static let mostAtATime = 10_000

  /// Who it is, for what is said of it.
  public var place: String { speaker.place }

  /// Asks for an answer.
  /// - Parameters:
  ///   - body: the request's JSON.
  ///   - hear: is given what is heard, as it comes, on the thread that reads.
  @discardableResult
  public func ask(_ body: [UInt8], _ hear: @escaping @Sendable (AnswerPart) -> Void) -> ModelRequest {
    let request = ModelRequest()
    let reader = AnswerReader(speaker, lastRead, hear)
    loop.execute { [client, loop, base, speaker] in
      do {
        let asked = try Self.request(to: base, speaker, body)
        request.begin(
          client.execute(request: asked, delegate: reader, eventLoop: .delegate(on: loop)))
      } catch {
        reader.fail(error)
      }
    }
    return request
  }

  private static func request(
    to base: URL, _ speaker: ModelSpeaker, _ body: [UInt8]
  ) throws -> HTTPClient.Request {
    var headers: HTTPHeaders = ["content-type": "application/json", "accept": "text/event-stream"]
    if let key = speaker.key { headers.add(name: "authorization", value: "Bearer \(key)") }
    return try HTTPClient.Request(
      url: base.absoluteString + "/chat/completions", method: .POST, headers: headers,
      body: .byteBuffer(ByteBuffer(bytes: body)))
  }

  deinit {
    // Not waited for: this may be the thread that would have to end it.
    client.shutdown { _ in }
  }
}

/// An answer that was asked for.
public final class ModelRequest: Sendable {
  private enum State {
    case waiting
    case begun(HTTPClient.Task<Void>)
    case cancelled
  }

  private let state = Mutex(State.waiting)

  func begin(_ task: HTTPClient.Task<Void>) {
    state.withLock { state in
      if case .cancelled = state { return task.cancel() }
      state = .begun(task)
    }
  }

  /// Nobody wants the rest.
  public func cancel() {
    state.withLock { state in
      if case .begun(let task) = state { task.cancel() }
      state = .cancelled
    }
  }
}

/// What an upstream cannot be made of, in one line that says what to give instead.
public enum UpstreamMistake: Error, CustomStringConvertible {
  case baseURL(String)
  case key

  public var description: String {
    switch self {
    case .baseURL(let text):
      // There may be a password in it.
      "\(text.contains("@") ? "this" : "'\(text.inBrief)'") is not a base URL such as http://localhost:8000/v1, without a user, a query and a fragment"
    case .key: "the key in OPENAI_API_KEY has characters that no key has: set it without blanks and line ends"
    }
  }
}
