import Answers
import AsyncHTTPClient
import ChatCompletions
import Foundation
import MonotonicTime
import NIOCore
import PlainText

/// A model behind the OpenAI interface, as a source of answers. Each of its chunks that has text is a token of the stream,
/// and its arrival is the token's instant.
public final class UpstreamModel: AnswerSource {
  public let model: String
  private let base: URL
  private let key: String?
  private let silence: Duration
  private let client: HTTPClient

  /// - Parameters:
  ///   - baseURL: what stands before `/chat/completions`, such as `http://localhost:8000/v1`.
  ///   - key: what it wants as `Authorization: Bearer KEY`; nil where it wants nothing. It stands in the request and nowhere
  ///     else.
  ///   - silence: how long it may say nothing before it is given up.
  /// - Throws: `UpstreamMistake`.
  public init(
    baseURL: String, model: String, key: String?, silence: Duration = .seconds(60)
  ) throws(UpstreamMistake) {
    let trimmed = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
    guard let base = URL(string: trimmed), ["http", "https"].contains(base.scheme),
      base.host?.isEmpty == false,
      base.user == nil, base.password == nil, base.query == nil, base.fragment == nil
    else { throw .baseURL(baseURL) }
    if let key {
      guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw .key }
    }
    self.base = base
    self.model = model
    self.key = key
    self.silence = silence
    var configuration = HTTPClient.Configuration()
    // A redirect would take the question, and maybe the key, to somebody who was not named.
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(10)
    configuration.timeout.read = .nanoseconds(silence.inNanoseconds)
    // Who refuses a connection is told at once.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  public var name: String { "\(model) at \(place)" }

  /// Who it is, for what is said of it.
  var place: String { base.host.map { host in base.port.map { "\(host):\($0)" } ?? host } ?? "" }

  public func foretold(_ question: Question) -> Foretold? { nil }

  public func begin(
    _ question: Question, at start: Instant, whenMore: @escaping @Sendable () -> Void
  ) -> any AnswerTokens {
    let answer = UpstreamAnswer(start: start, whenMore: whenMore)
    answer.read { await self.read(question, into: answer) }
    return answer
  }

  deinit {
    // No answer is being read any more: each holds it.
    try? client.syncShutdown()
  }
}

extension UpstreamModel {
  private func read(_ question: Question, into answer: UpstreamAnswer) async -> Ending {
    do {
      let response = try await client.execute(request(question), timeout: .hours(24))
      guard response.status == .ok else { return .failed(say("answered \(await words(of: response))")) }
      let type = response.headers.first(name: "content-type") ?? "nothing"
      guard type.lowercased().hasPrefix("text/event-stream") else {
        return .failed(say("answered with \(type) instead of an event stream"))
      }
      var reading = ChunkReading()
      for try await piece in response.body {
        let arrived = Instant.now
        for text in reading.take(piece.readableBytesView) { answer.add(text, at: arrived) }
        if let mistake = reading.mistake { return .failed(say(mistake.words)) }
        if let ending = reading.ending { return ending }
      }
      return reading.endingWithoutWord ?? .failed(say("ended its response before the answer's end"))
    } catch {
      return .failed(say(UpstreamTrouble(error, silence).words))
    }
  }

  private func request(_ question: Question) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: base.absoluteString + "/chat/completions")
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    request.headers.add(name: "accept", value: "text/event-stream")
    if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
    request.body = .bytes(ByteBuffer(bytes: ChatRequest.body(asking: question, of: model)))
    return request
  }

  /// What a response that is none of the answer says.
  private func words(of response: HTTPClientResponse) async -> String {
    let body = try? await response.body.collect(upTo: 1 << 16)
    let said = body.map { InterfaceError.words(in: Array($0.readableBytesView)) } ?? ""
    let wait = response.headers.first(name: "retry-after").map { "; it asks to wait \($0) s" } ?? ""
    return "\(response.status.code)\(said.isEmpty ? "" : ": \(said)")\(wait)"
  }

  /// One line that names the upstream, and the key not even where the upstream does. It is taken out before the line is
  /// cut, so that no part of it stays.
  private func say(_ words: String) -> String {
    let words = key.map { words.replacing($0, with: "…") } ?? words
    return "the model at \(place) \(words.inBrief)"
  }
}

/// What an upstream cannot be made of, in one line that says what to give instead.
public enum UpstreamMistake: Error, CustomStringConvertible {
  case baseURL(String)
  case key

  public var description: String {
    switch self {
    case .baseURL(let text):
      "'\(text.inBrief)' is not a base URL such as http://localhost:8000/v1, without a user, a query and a fragment"
    case .key: "the key is not a text of printable characters"
    }
  }
}
