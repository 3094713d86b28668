import LWS
import MonotonicTime
import TokenStream
import Wire

/// The laboratory's server: answers every path, drives every stream along its schedule.
public final class Lab: Service {
  public static let fieldNames = ["accept", "last-event-id"]
  public var bodyLimit: Int { limits.bodyBytes }
  public var messageLimit: Int { limits.messageBytes }

  let telemetry: Telemetry
  private let limits: Limits
  private let files: StaticFiles
  private unowned let loop: Loop
  private var store: StreamStore<FramedLog>
  private var generators: [StreamID: Timer] = [:]
  private lazy var expiry = Timer { [unowned self] now in expireStreams(at: now) }

  /// - Parameter staticFolder: the files for `/` and below; nil serves none.
  public init(loop: Loop, limits: Limits = Limits(), staticFolder: String?) {
    self.loop = loop
    self.limits = limits
    telemetry = Telemetry(engine: "libwebsockets \(LWS.version), \(loop.eventLoop.rawValue)")
    files = StaticFiles(folder: staticFolder)
    store = StreamStore(capacity: limits.streams, retention: limits.retention)
  }

  public func responder(for request: Request, session: Session) -> any Responder {
    let route = Route(request.path)
    session.count(in: tally(for: route))
    if case .nothing(let hint) = route { return Answer(.error(404, hint)) }
    if case .file(let path) = route, files.response(path: path) == nil {
      return Answer(.error(404, "there is nothing at this path"))
    }
    guard route.methods.contains(request.method) else { return Answer(.methodNotAllowed(route)) }
    if request.method == .options {
      return Answer(.empty(204, [("allow", route.methods.map(\.rawValue).joined(separator: ", "))]))
    }
    if route.isWebSocket { return Answer(.needsWebSocket) }
    switch route {
    case .streams: return Answer(ask(request))
    case .stream(let id): return Answer(request.method == .delete ? delete(id) : state(of: id))
    case .read(let id, let transport): return read(id, transport, request, session)
    case .chatStream: return ChatStream.responder(for: request, session: session, lab: self)
    case .health: return Answer(.json(200, Array(#"{"status":"ok"}"#.utf8), [("cache-control", "no-store")]))
    case .metrics: return Answer(metrics())
    case .file(let path): return Answer(files.response(path: path) ?? .unknownStream)
    case .chatSocket, .echo, .nothing: preconditionFailure("answered above")
    }
  }

  public func refusal(ofWebSocket request: Request) -> Response? {
    let route = Route(request.path)
    switch route {
    case .chatSocket, .echo: return nil
    case .read(let id, .webSocket):
      switch find(id, request) {
      case .success: return nil
      case .failure(let refusal): return refusal.response
      }
    case .nothing(let hint): return .error(404, hint)
    default: return .error(404, "there is no WebSocket at this path")
    }
  }

  public func webSocketResponder(for request: Request, session: Session) -> any Responder {
    let route = Route(request.path)
    session.count(in: tally(for: route))
    switch route {
    case .chatSocket: return ChatSocket(session: session, lab: self)
    case .read(let id, .webSocket): return read(id, .webSocket, request, session)
    default: return Echo()
    }
  }

  public func response(to problem: RequestProblem) -> Response {
    switch problem {
    case .bodyTooLarge: .error(413, "the body is larger than \(limits.bodyBytes) bytes")
    case .lengthRequired: .error(411, "the body needs a Content-Length")
    case .unknownUpgrade: .error(400, "this server upgrades to WebSocket only; ask over HTTP/1.1")
    }
  }
}

extension Lab {
  /// Starts a stream and its generation.
  func start(_ question: Question, resumingAt index: Int = 0) throws(StoreFull) -> FramedLog {
    let now = Instant.now
    let source = try store.start(question, now: now, resumingAt: index, hold: FramedLog.init)
    telemetry.streamsStarted += 1
    generators[source.stream.id] = Timer { [unowned self, unowned source] now in generate(source, now) }
    generate(source, now)
    return source
  }

  /// Ends a stream's generation; its readers are told. Harmless once it has ended.
  func stop(_ source: FramedLog) {
    guard let generator = generators.removeValue(forKey: source.stream.id) else { return }
    let now = Instant.now
    loop.cancel(generator)
    source.stream.stop(at: now)
    didFinish(source, now)
  }

  private func generate(_ source: FramedLog, _ now: Instant) {
    // A reader that is woken may stop the stream, which takes the generator away.
    let before = (tokens: source.count, lateness: source.stream.lateness)
    let next = source.stream.advance(to: now)
    telemetry.tokensGenerated += source.count - before.tokens
    telemetry.scheduleLateness += source.stream.lateness - before.lateness
    if let next {
      if let generator = generators[source.stream.id] { loop.set(generator, at: next) }
    } else if generators.removeValue(forKey: source.stream.id) != nil {
      didFinish(source, now)
    }
  }

  private func didFinish(_ source: FramedLog, _ now: Instant) {
    store.didFinish(source.stream.id, at: now)
    expireStreams(at: now)
  }

  private func expireStreams(at now: Instant) {
    if let next = store.expire(at: now) { loop.set(expiry, at: next) }
  }
}

extension Lab {
  private struct Refusal: Error {
    var response: Response
  }

  private func find(_ id: StreamID, _ request: Request) -> Result<(FramedLog, Reading), Refusal> {
    let reading: Reading
    do throws(FieldError) {
      reading = try Reading(request.query)
    } catch {
      return .failure(Refusal(response: .error(400, error.description)))
    }
    guard let source = store[id] else { return .failure(Refusal(response: .unknownStream)) }
    if let epoch = reading.epoch, epoch != source.log.epoch.description {
      return .failure(Refusal(response: .otherEpoch))
    }
    return .success((source, reading))
  }

  private func read(
    _ id: StreamID, _ transport: Transport, _ request: Request, _ session: Session
  ) -> any Responder {
    switch find(id, request) {
    case .failure(let refusal):
      // An EventSource tries again after anything but 204 that looks like a passing trouble.
      let isOver = transport == .serverSentEvents && refusal.response.head.status == 409
      return Answer(isOver ? .empty(204) : refusal.response)
    case .success((let source, var reading)):
      if transport == .serverSentEvents, let text = request.fields["last-event-id"], !text.isEmpty {
        guard let id = EventID(text), id.epoch == source.log.epoch.description,
          source.log.end == nil || id.index < source.count
        else { return Answer(.empty(204)) }
        reading.from = id.index + 1
      }
      return Transports.responder(for: transport, source, reading, session, telemetry[transport])
    }
  }

  private func ask(_ request: Request) -> Response {
    do throws(FieldError) {
      let question = try QuestionFields.question(json: request.body)
      let place = QuestionFields.place(json: request.body)
      if let epoch = place.epoch, epoch != question.epoch.description { return .otherEpoch }
      guard (0...question.tokenCount).contains(place.from) else {
        return .error(400, "'from' takes an index from 0 to the number of tokens")
      }
      do throws(StoreFull) {
        let stream = try start(question, resumingAt: place.from).stream
        return .json(
          201, Array(StreamStarted(stream).text.utf8), [("location", "/streams/\(stream.id)")])
      } catch {
        return .storeFull(error, now: .now)
      }
    } catch {
      return .error(400, error.description)
    }
  }

  private func state(of id: StreamID) -> Response {
    guard let source = store[id] else { return .unknownStream }
    let stream = source.stream
    let pacing = stream.question.pacing
    var text = String(StreamStarted(stream).text.dropLast())
    text +=
      #","seed":\#(stream.question.seed),"tokens":\#(stream.question.tokenCount),"rate":\#(pacing.rate)"#
    text += #","jitter":\#(pacing.jitter),"think":\#(pacing.think.inSeconds),"burst":\#(pacing.burst)"#
    text += #","size":\#(stream.question.tokenSize)"#
    text += #","next":\#(source.count),"done":\#(source.log.end != nil)"#
    if let reason = source.log.end { text += #","reason":"\#(reason.rawValue)""# }
    return .json(200, Array((text + "}").utf8), [("cache-control", "no-store")])
  }

  private func delete(_ id: StreamID) -> Response {
    guard let source = store[id] else { return .unknownStream }
    stop(source)
    return .empty(204)
  }

  private func metrics() -> Response {
    let text = telemetry.text(streams: store.count, connections: loop.openConnections)
    return Response(
      head: ResponseHead(status: 200, fields: [("content-type", "text/plain; version=0.0.4; charset=utf-8")]),
      body: Array(text.utf8))
  }

  private func tally(for route: Route) -> Tally {
    switch route {
    case .read(_, let transport): telemetry[transport].tally
    case .chatStream: telemetry[.serverSentEvents].tally
    case .chatSocket: telemetry[.webSocket].tally
    default: telemetry.other.tally
    }
  }
}
