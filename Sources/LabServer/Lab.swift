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
  let limits: Limits
  let streams: Streams
  private let files: StaticFiles
  /// Nil where nobody may break anything.
  private let faults: Faults?
  private unowned let loop: Loop

  /// - Parameter staticFolder: the files for `/` and below; nil serves none.
  /// - Parameter takesFaults: whether readers' connections may be cut, stalled and looked into, by `/faults`.
  public init(loop: Loop, limits: Limits = Limits(), staticFolder: String?, takesFaults: Bool = false) {
    self.loop = loop
    self.limits = limits
    telemetry = Telemetry(engine: "libwebsockets \(LWS.version), \(loop.eventLoop.rawValue)")
    files = StaticFiles(folder: staticFolder)
    faults = takesFaults ? Faults() : nil
    streams = Streams(loop: loop, telemetry: telemetry, limits: limits)
  }

  public func responder(for request: Request, session: Session) -> any Responder {
    guard let faults else { return answer(request, session) }
    return faults.attend(request, session, telemetry(for: Route(request.path))) { answer(request, session) }
  }

  private func answer(_ request: Request, _ session: Session) -> any Responder {
    let route = Route(request.path)
    session.count(in: telemetry(for: route).tally)
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
    case .schedule(let id): return Answer(streams[id].map { .schedule(of: $0) } ?? .unknownStream)
    case .fault(let fault): return Answer(faults?.response(to: fault, request.query) ?? Faults.areOff)
    case .read(let id, let transport): return read(id, transport, request, session)
    case .chatStream: return ChatStream.responder(for: request, session: session, lab: self)
    case .health: return Answer(health)
    case .metrics: return Answer(metrics())
    case .file(let path): return Answer(files.response(path: path) ?? .unknownStream)
    case .chatSocket, .echo, .nothing: preconditionFailure("answered above")
    }
  }

  public func refusal(ofWebSocket request: Request) -> Response? {
    switch Route(request.path) {
    case .chatSocket, .echo: return nil
    case .read(_, .webSocket):
      do throws(FieldError) {
        _ = try Reading(request)
        return nil
      } catch {
        return .error(400, error.description)
      }
    case .nothing(let hint): return .error(404, hint)
    default: return .error(404, "there is no WebSocket at this path")
    }
  }

  public func webSocketResponder(for request: Request, session: Session) -> any Responder {
    guard let faults else { return converse(request, session) }
    let telemetry = telemetry(for: Route(request.path))
    return faults.attend(request, session, telemetry) { converse(request, session) }
  }

  private func converse(_ request: Request, _ session: Session) -> any Responder {
    let route = Route(request.path)
    session.count(in: telemetry(for: route).tally)
    switch route {
    case .chatSocket: return ChatSocket(session: session, lab: self)
    case .read(let id, .webSocket): return read(id, .webSocket, request, session)
    default: return Echo(limit: limits.messageBytes)
    }
  }

  public func response(to problem: RequestProblem) -> Response {
    telemetry.refused[problem, default: 0] += 1
    return .refusal(problem, limits)
  }

  public func didLetGo(ofStalled session: Session) {
    telemetry.stalledLetGo += 1
  }
}

extension Lab {
  private func read(
    _ id: StreamID, _ transport: Transport, _ request: Request, _ session: Session
  ) -> any Responder {
    let reading: Reading
    do throws(FieldError) {
      reading = try Reading(request)
    } catch {
      return Answer(.error(400, error.description))
    }
    do throws(Unreadable) {
      let source = try reading.find(id, in: streams)
      return try Transports.responder(
        for: transport, source, reading, session, telemetry[transport], limits)
    } catch {
      return Transports.refusal(for: transport, error, reading)
    }
  }

  private func ask(_ request: Request) -> Response {
    let asking: Asking
    do throws(FieldError) {
      asking = try QuestionFields.asking(json: request.body)
    } catch {
      return .error(400, error.description)
    }
    guard asking.question.prompt.utf8.count <= limits.promptBytes else {
      return .error(413, "the prompt is longer than \(limits.promptBytes) bytes")
    }
    guard asking.isSameAnswer else { return .otherEpoch }
    do throws(StoreFull) {
      let started = StreamStarted(try streams.start(asking.question, resumingAt: asking.from).stream)
      return .json(201, Array(started.text.utf8), [("location", "/streams/\(started.stream)")])
    } catch {
      return .storeFull(error, now: .now)
    }
  }

  private func state(of id: StreamID) -> Response {
    guard let source = streams[id] else { return .unknownStream }
    return .json(200, source.state, [("cache-control", "no-store")])
  }

  private func delete(_ id: StreamID) -> Response {
    guard let source = streams[id] else { return .unknownStream }
    streams.stop(source)
    return .empty(204)
  }

  private func metrics() -> Response {
    let text = telemetry.text(streams: streams.count, connections: loop.openConnections)
    return Response(
      head: ResponseHead(status: 200, fields: [("content-type", "text/plain; version=0.0.4; charset=utf-8")]),
      body: Array(text.utf8))
  }

  private var health: Response {
    let text = faults == nil ? #"{"status":"ok"}"# : #"{"status":"ok","faults":true}"#
    return .json(200, Array(text.utf8), [("cache-control", "no-store")])
  }

  private func telemetry(for route: Route) -> TransportTelemetry {
    switch route {
    case .read(_, let transport): telemetry[transport]
    case .chatStream: telemetry[.serverSentEvents]
    case .chatSocket: telemetry[.webSocket]
    default: telemetry.other
    }
  }
}
