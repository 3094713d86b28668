import Answers
import LWS
import TokenStream
import Wire

/// A transport whose one answer can hold a whole conversation: it is asked for and read in one request, at `/chat-stream`.
protocol ChatTransport: ServedTransport {
  /// What a request has to accept to be answered so.
  static var mediaType: String { get }
  static var head: ResponseHead { get }
  /// The answer from a token on, behind what names the stream.
  /// - Parameter lease: to be kept for as long as the reader stays.
  static func chat(for reader: StreamReader, from index: Int, keeping lease: Lease) -> any Responder
}

/// `/chat-stream`: ask and read in one request, by GET with a query, as an EventSource can, or by POST with JSON, as pages
/// do with fetch. `Accept` says which transport answers; an event stream does where it leaves that open, or accepts neither.
struct ChatStream {
  private let request: Request
  private let accept: AcceptField?
  private let type: any ChatTransport.Type

  /// A field that accepts none of the transports is disregarded, as RFC 9110, section 12.5.1 allows.
  init(_ request: Request) {
    self.request = request
    accept = request.fields["accept"].map(AcceptField.init)
    let choice = accept.flatMap { $0.choice(among: Self.transports.map { $0.mediaType }) }
    type = Self.transports[choice ?? 0]
  }

  /// What answers.
  var transport: Transport { type.transport }

  /// In the order of preference: event streams first, the others as in `servedTransports`.
  private static let transports: [any ChatTransport.Type] =
    [ServerSentEvents.self]
    + servedTransports.compactMap { $0 as? any ChatTransport.Type }.filter { $0 != ServerSentEvents.self }

  /// A reader that comes back, by the ID of its last event or by `from` and `epoch`, gets the rest of the same answer; also
  /// after the server was started anew, where the answer is a pure function of the question. `HEAD` asks for nothing to be begun (RFC
  /// 9110, sections 9.2.1 and 9.3.2), and is refused where `GET` is.
  func responder(session: any Wakeable, lab: Lab) -> any Responder {
    switch decide(lab) {
    case .refused(let refusal): refusal
    case .granted where request.method == .head: HeadAlone(head: type.head.asking(lab.limits.forwardingHints))
    case .granted(let answerable): answer(answerable, session: session, lab: lab)
    }
  }

  private enum Decision {
    case granted(Answerable)
    case refused(any Responder)
  }

  private func decide(_ lab: Lab) -> Decision {
    var asking: Asking
    do throws(FieldError) {
      asking = try self.asking(within: lab.limits)
    } catch {
      return .refused(refusal(error.description, status: error.isTooLarge ? tooLarge : 400))
    }
    if let text = request.lastEventID {
      guard let place = place(behind: text, in: asking.question, lab) else {
        return .refused(nothingToResume)
      }
      (asking.from, asking.epoch) = place
    }
    do throws(Unanswered) {
      return .granted(try lab.streams.answerable(asking))
    } catch {
      return .refused(refusal(error))
    }
  }

  private func answer(_ answerable: Answerable, session: any Wakeable, lab: Lab) -> any Responder {
    let stream: HostedStream
    do throws(Unanswered) {
      stream = try lab.streams.answer(answerable)
    } catch {
      return refusal(error)
    }
    return type.chat(
      for: lab.reader(of: stream, session, type.transport), from: answerable.from,
      keeping: Lease(stream, lab.streams, mayReturn: true))
  }

  private var isPosted: Bool { request.method == .post }

  /// The status for a question that is larger than the server takes: it stands in the body, or in the target.
  private var tooLarge: Int { isPosted ? 413 : 414 }

  private func asking(within limits: Limits) throws(FieldError) -> Asking {
    if isPosted { return try limits.asking(json: request.body) }
    // The address names a question, and each return begins another stream: that its text is the same, the epoch alone
    // says.
    if request.query.contains(where: { $0.name == "ids" && $0.value != EventIDForm.full.rawValue }) {
      throw FieldError("'ids' takes full here: only the name of a stream stands for its epoch")
    }
    return try limits.asking(query: request.query)
  }

  /// Where a reader goes on that has seen an event of this answer, which counts more than what the question says of it:
  /// an EventSource that comes back asks the same question again.
  /// - Returns: nil where there is nothing to go on with. Who has seen the end is told of it again, as an answer without
  ///   tokens, unless that may be an EventSource, which would come back for ever.
  private func place(
    behind lastEventID: String, in question: Question, _ lab: Lab
  ) -> (from: Int, epoch: String)? {
    guard let id = EventID(lastEventID),
      let tokenCount = lab.streams.mostTokens(of: id.epoch, for: question)
    else { return nil }
    if id.index < tokenCount { return (id.index + 1, id.epoch) }
    return mayBeEventSource ? nil : (tokenCount, id.epoch)
  }

  private func refusal(_ reason: Unanswered) -> any Responder {
    switch reason {
    case .otherAnswer: refusal(Unreadable.otherEpoch.text, status: Unreadable.otherEpoch.status)
    case .pastEnd(let count): refusal(FieldError.pastEnd(count).description, status: 400)
    case .storeFull(let full): Answer(.storeFull(full, now: .now))
    }
  }

  /// To others than an EventSource, 204 would look like an answer.
  private var nothingToResume: any Responder {
    if mayBeEventSource { return Answer(.stayAway) }
    return Answer(.error(409, "the last event ID names no event of this answer: ask again without it"))
  }

  /// An EventSource cannot see a response that is not an event stream, so it is told in an event, whose ID
  /// makes its return end in 204. Everybody else gets the status, and so does an EventSource where the store is full: it
  /// stays away from then on, and its page may ask again.
  private func refusal(_ text: String, status: Int) -> any Responder {
    if mayBeEventSource, request.lastEventID == Self.refusedID { return Answer(.stayAway) }
    guard isEventSource else { return Answer(.error(status, text)) }
    let event = ServerSentEvent.encode(name: "error", id: Self.refusedID, data: ErrorBody(error: text).json)
    return Answer(Response(head: ServerSentEvents.head, body: event))
  }

  private static let refusedID = "refused"

  /// What asks by POST sees the status.
  private var mayBeEventSource: Bool { !isPosted && type == ServerSentEvents.self }

  /// An EventSource names what it accepts (WHATWG HTML, section 9.2.2).
  private var isEventSource: Bool { mayBeEventSource && accept?.names(ServerSentEvents.mediaType) ?? false }
}

extension Request {
  /// What an event stream's reader saw last; nil where it has seen nothing yet (WHATWG HTML, section 9.2.3).
  var lastEventID: String? { fields["last-event-id"].flatMap { $0.isEmpty ? nil : $0 } }
}
