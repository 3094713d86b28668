import Answers
import LWS
import MonotonicTime
import TokenStream
import Wire

/// Keeps an answer being generated while its one reader is there: whoever asks and reads in one request says stop by
/// leaving.
final class Lease {
  private let stream: HostedStream
  private let streams: Streams
  private let isLast: Bool

  /// - Parameter mayReturn: whether the reader may come back for the rest. An answer that is given once is then not
  ///   stopped at once, since nobody could give its rest; it is as a stream that nobody reads.
  init(_ stream: HostedStream, _ streams: Streams, mayReturn: Bool) {
    self.stream = stream
    self.streams = streams
    isLast = !mayReturn || stream.live.foretold != nil
  }

  deinit {
    if isLast { streams.stop(stream) }
  }
}

/// WebSocket `/chat-socket`: the first message asks, `{"stop":true}` stops. With `turns=many` in the query the socket stays
/// open behind the answer, and the next message asks again.
struct ChatSocket: Responder {
  private unowned let session: any Wakeable
  private unowned let lab: Lab
  private var lease: Lease?
  private var answer: TokenMessages?
  private var outbox: [Step] = []
  private let takesMany: Bool

  init(_ request: Request, session: any Wakeable, lab: Lab) {
    takesMany = request.query.contains { $0.name == "turns" && $0.value == "many" }
    self.session = session
    self.lab = lab
  }

  mutating func received(_ message: Message) {
    let isStop = takesMany && Stop(json: message.bytes) != nil
    if let answer {
      if isStop || !takesMany { return answer.received(message) }
      let words = "an answer is being given: ask again behind its end"
      outbox.append(.send(Frame(.text, StreamMessage.error(words).json)))
      return
    }
    // It has crossed the answer's end.
    if isStop { return }
    do {
      let asking = try lab.limits.asking(json: message.bytes)
      let stream = try lab.streams.answer(asking)
      lease = Lease(stream, lab.streams, mayReturn: true)
      answer = TokenMessages(lab.reader(of: stream, session, WebSocket.transport), from: asking.from)
      outbox = [.send(Frame(.text, StreamMessage.started(StreamStarted(stream.live)).json))]
    } catch let error as FieldError {
      refuse(error.description, code: error.isTooLarge ? 1009 : 1008)
    } catch Unanswered.otherAnswer {
      refuse(Unreadable.otherEpoch.text, code: 4409)
    } catch Unanswered.pastEnd(let count) {
      refuse(FieldError.pastEnd(count).description, code: 1008)
    } catch Unanswered.storeFull(let full) {
      refuse("\(full.words); try again later", code: 1013)
    } catch {
      // Nothing else is thrown.
      refuse("the question cannot be answered", code: 1011)
    }
  }

  mutating func turn(at now: Instant) -> Step {
    if !outbox.isEmpty { return outbox.removeFirst() }
    let step = answer?.turn(at: now) ?? .wait(until: nil)
    guard takesMany, case .close(1_000, _) = step else { return step }
    answer = nil
    lease = nil
    return .wait(until: nil)
  }

  private mutating func refuse(_ text: String, code: UInt16) {
    outbox = [.send(Frame(.text, StreamMessage.error(text).json)), .close(code, reason: "refused")]
  }
}
