import Answers
import AsyncHTTPClient
import ChatCompletions
import MonotonicTime
import NIOCore
import NIOHTTP1
import PlainText
import Synchronization

/// What is heard of an answer.
public enum AnswerPart: Sendable {
  /// The request is written, over a connection that stands.
  case sent(at: Instant)
  /// - Parameter at: when the bytes that completed it were read.
  case chunk(ChatChunk, at: Instant)
  /// Once; no chunk comes behind it.
  case ending(Ending)
  /// The response is over, which may be later than the answer; the last that is heard.
  case over
}

/// How many bytes of a refusal's body are looked at.
private let mostRefusal = 1 << 16

/// Reads one response, on the connection's own thread.
final class AnswerReader: HTTPClientResponseDelegate {
  private struct State {
    var reading = ChunkReading()
    /// A response that is no answer, and its body as far as it is looked at.
    var refusal: (head: HTTPResponseHead, body: [UInt8])?
    var isEnded = false

    /// - Returns: the chunks of these bytes, and why none follow.
    mutating func take(_ bytes: some Sequence<UInt8>) -> ([ChatChunk], ChunkMistake?, Ending?) {
      if let body = refusal?.body {
        refusal?.body += bytes.prefix(max(0, mostRefusal - body.count))
        return ([], nil, nil)
      }
      guard !isEnded else { return ([], nil, nil) }
      return (reading.take(bytes), reading.mistake, reading.ending)
    }
  }

  private let state = Mutex(State())
  private let speaker: ModelSpeaker
  private let lastRead: LastRead
  private let hear: @Sendable (AnswerPart) -> Void

  init(_ speaker: ModelSpeaker, _ lastRead: LastRead, _ hear: @escaping @Sendable (AnswerPart) -> Void) {
    self.speaker = speaker
    self.lastRead = lastRead
    self.hear = hear
  }

  func didSendRequestHead(task: HTTPClient.Task<Void>, _ head: HTTPRequestHead) {
    // A moment before the socket has it: later would be too late where the thread has to wait for a processor.
    hear(.sent(at: .now))
  }

  func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
    if !head.isEventStream { state.withLock { $0.refusal = (head, []) } }
    return task.eventLoop.makeSucceededVoidFuture()
  }

  func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
    let isEnded = take(buffer.readableBytesView, at: lastRead.at)
    // The response's own end mostly comes with the answer's, and the connection can be used again; a response that goes on
    // is left.
    if isEnded { task.eventLoop.scheduleTask(in: Self.patience) { task.cancel() } }
    return task.eventLoop.makeSucceededVoidFuture()
  }

  /// How long a response may go on behind its answer.
  private static let patience = TimeAmount.milliseconds(100)

  /// - Returns: whether the answer ended with these bytes.
  @discardableResult
  private func take(_ bytes: some Sequence<UInt8>, at arrived: Instant) -> Bool {
    let (chunks, mistake, ending) = state.withLock { $0.take(bytes) }
    for chunk in chunks { hear(.chunk(chunk, at: arrived)) }
    if let mistake { end(.failed(speaker.say(mistake.words))) }
    if let ending { end(ending) }
    return mistake != nil || ending != nil
  }

  func didFinishRequest(task: HTTPClient.Task<Void>) {
    // The last event may lack the blank line that ends it.
    take(Array("\n\n".utf8), at: lastRead.at)
    let (refusal, ending) = state.withLock { ($0.refusal, $0.reading.endingWithoutWord) }
    if let refusal {
      end(.failed(speaker.say(refusal.head.words(refusal.body))))
    } else {
      end(ending ?? .failed(speaker.say("ended its response before the answer's end")))
    }
    hear(.over)
  }

  func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
    fail(error)
  }

  func fail(_ error: any Error) {
    end(.failed(speaker.say(UpstreamTrouble(error, speaker.silence).words)))
    hear(.over)
  }

  private func end(_ ending: Ending) {
    let isFirst = state.withLock { state in
      defer { state.isEnded = true }
      return !state.isEnded
    }
    if isFirst { hear(.ending(ending)) }
  }
}

extension HTTPResponseHead {
  fileprivate var isEventStream: Bool {
    status == .ok && headers.first(name: "content-type")?.lowercased().hasPrefix("text/event-stream") == true
  }

  /// What a response that is no answer says.
  fileprivate func words(_ body: [UInt8]) -> String {
    guard status != .ok else {
      return "answered with \(headers.first(name: "content-type") ?? "nothing") instead of an event stream"
    }
    let said = InterfaceError.words(in: body)
    let wait =
      headers.first(name: "retry-after").map { wait in
        "; it asks to wait \(Int(wait) == nil ? "until \(wait)" : "\(wait) s")"
      } ?? ""
    return "answered \(status.code)\(said.isEmpty ? "" : ": \(said)")\(wait)"
  }
}

/// Who is spoken of, and how.
struct ModelSpeaker: Sendable {
  let place: String
  let key: String?
  /// How long it may say nothing.
  let silence: Duration

  /// One line that names the server, and the key not even where the server does. It is taken out before the line is cut,
  /// so that no part of it stays.
  func say(_ words: String) -> String {
    let words = key.map { words.replacing($0, with: "…") } ?? words
    return "the model at \(place) \(words.inBrief)"
  }
}
