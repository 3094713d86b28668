import Answers
import ChatCompletions
import Foundation
import LWS
import MonotonicTime
import TokenStream
import Wire

/// `POST /v1/chat/completions`: the OpenAI interface, streamed or whole. The answer is a stream like all others, which can be
/// read over every transport meanwhile: `x-pushlab-stream` names it.
struct Completion {
  private let request: ChatRequest
  private let stream: HostedStream
  private let lab: Lab

  static func responder(for request: Request, session: any Wakeable, lab: Lab) -> any Responder {
    do throws(InterfaceError) {
      let completion = try Completion(request, lab)
      return completion.request.isStreamed ? completion.streamed(session) : completion.whole(session)
    } catch {
      return Answer(.refusal(error, error.retryAfter.map { [("retry-after", String($0))] } ?? []))
    }
  }

  private init(_ request: Request, _ lab: Lab) throws(InterfaceError) {
    self.lab = lab
    self.request = try ChatRequest(json: request.body) { fields throws(FieldError) in
      try lab.limits.asking(json: fields).question
    }
    guard self.request.model == lab.streams.source.model else { throw lab.unknownModel(self.request.model) }
    do throws(Unanswered) {
      stream = try lab.streams.answer(Asking(self.request.question))
    } catch {
      throw InterfaceError(error, now: .now)
    }
  }

  private var answer: ChatAnswer {
    ChatAnswer(
      stream: stream.live.id.description, created: Int(Date().timeIntervalSince1970), model: request.model)
  }

  private var fields: [(name: String, value: String)] { [("x-pushlab-stream", stream.live.id.description)] }

  private var isForetold: Bool { stream.live.foretold != nil }

  private func reader(_ session: any Wakeable) -> StreamReader {
    StreamReader(
      stream: stream, session: session, telemetry: lab.telemetry.other, generation: lab.streams,
      limits: lab.limits)
  }

  /// An event stream whose events have no ID: clients of the interface do not come back.
  private func streamed(_ session: any Wakeable) -> any Responder {
    let answer = answer
    let (start, end) = answer.tokenEvent
    let framing = Framing(.body) { bytes, token, _ in
      bytes.append(contentsOf: start)
      bytes.append(jsonString: token.token)
      bytes.append(contentsOf: end)
    }
    var head = ResponseHead.stream(of: ServerSentEvent.mediaType)
    head.fields += fields
    let (request, isForetold) = (request, isForetold)
    let form = TokenBody.Form(
      head: head, sign: Array(":\n\n".utf8),
      farewell: { source in
        let outcome = Outcome(of: source.log, isForetold: isForetold, for: request)
        if let error = outcome.error { return answer.failureEvent(error) }
        return answer.lastEvents(
          finish: outcome.finishReason, usage: request.includesUsage ? outcome.usage : nil)
      },
      dismissal: { answer.failureEvent(InterfaceError(503, $0.lagText, type: "server_error")) })
    return TokenBody(
      reader(session), from: 0, framing, form, greeting: answer.roleEvent,
      keeping: Lease(stream, lab.streams, mayReturn: false))
  }

  private func whole(_ session: any Wakeable) -> any Responder {
    WholeCompletion(
      cursor: reader(session).cursor(from: 0), isForetold: isForetold, request: request, answer: answer,
      fields: fields,
      lease: Lease(stream, lab.streams, mayReturn: false))
  }
}

/// An answer that is held until it is whole.
private struct WholeCompletion: Responder {
  let cursor: Cursor
  let isForetold: Bool
  let request: ChatRequest
  let answer: ChatAnswer
  let fields: [(name: String, value: String)]
  let lease: Lease

  mutating func turn(at now: Instant) -> Step {
    guard cursor.source.log.hasEnded else { return .wait(until: nil) }
    let outcome = Outcome(of: cursor.source.log, isForetold: isForetold, for: request)
    if let error = outcome.error { return .respond(.refusal(error, fields)) }
    let text = cursor.source.log.tokens.joined()
    let body = answer.whole(text, finish: outcome.finishReason, usage: outcome.usage)
    return .respond(.json(200, body, [("cache-control", "no-store")] + fields))
  }
}

/// How an answer ended, in the interface's terms.
private struct Outcome {
  let finishReason: String
  /// Nil where a model does not tell: its chunks are no tokens.
  let usage: Ending.Usage?
  let error: InterfaceError?

  init(of log: TokenLog, isForetold: Bool, for request: ChatRequest) {
    let ending = log.end ?? .complete
    let isAtLimit = request.isLimited && isForetold && log.count == request.question.tokenCount
    finishReason = ending.isCut || (ending.reason == .complete && isAtLimit) ? "length" : "stop"
    // A prompt's tokens are estimated, at four bytes each.
    let counted = Ending.Usage(prompt: (request.question.promptBytes + 3) / 4, completion: log.count)
    usage = ending.usage ?? (isForetold ? counted : nil)
    error = ending.failure.map { InterfaceError(502, $0, type: "server_error", code: "upstream_failed") }
  }
}

extension Question {
  /// Of all that was said.
  fileprivate var promptBytes: Int {
    conversation.isEmpty ? prompt.utf8.count : conversation.reduce(0) { $0 + $1.text.utf8.count }
  }
}

extension InterfaceError {
  fileprivate init(_ why: Unanswered, now: Instant) {
    guard case .storeFull(let full) = why else {
      // Who asks anew, and for an answer's beginning, is refused for nothing else.
      self.init(500, "the answer cannot be begun", type: "server_error")
      return
    }
    self.init(503, full.words, type: "server_error")
    retryAfter = full.seconds(from: now)
  }
}
