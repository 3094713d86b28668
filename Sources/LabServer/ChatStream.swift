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
  private let type: any ChatTransport.Type

  init(_ request: Request) {
    self.request = request
    type = Self.transport(for: request)
  }

  /// A field that accepts none of them is disregarded, as RFC 9110, section 12.5.1 allows.
  static func transport(for request: Request) -> any ChatTransport.Type {
    let choice = request.accept.flatMap { $0.choice(among: transports.map { $0.mediaType }) }
    return transports[choice ?? 0]
  }

  /// In the order of preference: event streams first, the others as in `servedTransports`.
  private static let transports: [any ChatTransport.Type] =
    [ServerSentEvents.self]
    + servedTransports.compactMap { $0 as? any ChatTransport.Type }.filter { $0 != ServerSentEvents.self }

  var head: ResponseHead { type.head }

  /// A reader that comes back, by the ID of its last event or by `from` and `epoch`, gets the rest of the same answer, which
  /// is a pure function of the question; also after the server was started anew.
  func responder(session: any Wakeable, lab: Lab) -> any Responder {
    var asking: Asking
    do throws(FieldError) {
      asking = try self.asking(promptLimit: lab.limits.promptBytes)
    } catch {
      return refusal(error.description, status: error.isTooLarge ? tooLarge : 400)
    }
    if let excess = lab.limits.excess(of: asking.question) { return refusal(excess, status: tooLarge) }
    if let text = request.lastEventID {
      guard let place = place(behind: text, in: asking.question) else { return nothingLeft }
      asking.from = place
    } else if !asking.isSameAnswer {
      return refusal(Unreadable.otherEpoch.text, status: Unreadable.otherEpoch.status)
    }
    let stream: HostedStream
    do throws(StoreFull) {
      stream = try lab.streams.start(asking.question, resumingAt: asking.from)
    } catch {
      return Answer(.storeFull(error, now: .now))
    }
    return type.chat(
      for: lab.reader(of: stream, session, type.transport), from: asking.from,
      keeping: Lease(stream, lab.streams))
  }

  private var isPosted: Bool { request.method == .post }

  /// The status for a question that is larger than the server takes: it stands in the body, or in the target.
  private var tooLarge: Int { isPosted ? 413 : 414 }

  private func asking(promptLimit: Int) throws(FieldError) -> Asking {
    if isPosted { return try QuestionFields.asking(json: request.body, promptLimit: promptLimit) }
    // The address names a question, and each return begins another stream: that its text is the same, the epoch alone
    // says.
    if request.query.contains(where: { $0.name == "ids" && $0.value != EventIDForm.full.rawValue }) {
      throw FieldError("'ids' takes full here: only the name of a stream stands for its epoch")
    }
    return try QuestionFields.asking(query: request.query, promptLimit: promptLimit)
  }

  /// Where a reader goes on that has seen an event of this answer, which counts more than what the question says of it:
  /// an EventSource that comes back asks the same question again.
  /// - Returns: nil where there is nothing to go on with. Who asks by POST and has seen the end is told of it again, as
  ///   an answer without tokens.
  private func place(behind lastEventID: String, in question: Question) -> Int? {
    guard let id = EventID(lastEventID), id.epoch == question.epoch.description else { return nil }
    if id.index < question.tokenCount { return id.index + 1 }
    return isPosted ? question.tokenCount : nil
  }

  /// 204 makes an EventSource stay away (WHATWG HTML, section 9.2.3). To others it would look like an answer.
  private var nothingLeft: any Responder {
    if !isPosted, type == ServerSentEvents.self { return Answer(.empty(204)) }
    return Answer(.error(409, "the last event ID names no event of this answer: ask again without it"))
  }

  /// An EventSource cannot see a response that is not an event stream, so it is told in an event, whose ID
  /// makes its return end in 204. Everybody else gets the status, and so does an EventSource where the store is
  /// full: that passes, and the event would keep it away.
  private func refusal(_ text: String, status: Int) -> any Responder {
    if !isPosted, request.lastEventID == Self.refusedID { return Answer(.empty(204)) }
    guard wantsEvents else { return Answer(.error(status, text)) }
    let event = ServerSentEvent.encode(name: "error", id: Self.refusedID, data: ErrorBody(error: text).json)
    return Answer(Response(head: ServerSentEvents.head, body: event))
  }

  private static let refusedID = "refused"

  /// Whether an EventSource asks: it names what it accepts, and what asks by POST sees the status.
  private var wantsEvents: Bool {
    request.method == .get && type == ServerSentEvents.self
      && request.accept?.names(ServerSentEvents.mediaType) ?? false
  }
}

extension Request {
  fileprivate var accept: AcceptField? { fields["accept"].map(AcceptField.init) }

  /// What an event stream's reader saw last; nil where it has seen nothing yet (WHATWG HTML, section 9.2.3).
  var lastEventID: String? { fields["last-event-id"].flatMap { $0.isEmpty ? nil : $0 } }
}
