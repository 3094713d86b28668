import Answers
import Foundation
import LWS
import MonotonicTime
import TokenStream
import Wire

/// The laboratory's server: answers every path, drives every stream along its schedule.
public final class Lab: Service {
  public static let fieldNames = [
    "accept", "last-event-id", "host", "origin", "authorization", "sec-fetch-site",
    "access-control-request-method",
  ]
  public var bodyLimit: Int { limits.bodyBytes }
  public var messageLimit: Int { limits.messageBytes }

  let telemetry: Telemetry
  let limits: Limits
  let streams: Streams
  private let access: Access
  private let files: StaticFiles
  private let readers = Readers()
  /// Seconds since 1970.
  let started = Int(Date().timeIntervalSince1970)
  /// Nil where nobody may break anything.
  private let faults: FaultCommands?
  /// Nil where nobody may change it, or there is none.
  let networkChoice: (any NetworkChoice)?
  /// It lets go of its service when it has ended.
  private let loop: Loop

  /// - Parameters:
  ///   - source: who gives the answers.
  ///   - staticFolder: the files for `/` and below; nil serves none.
  ///   - takesFaults: whether readers' connections may be cut, stalled and looked into, by `/faults`.
  ///   - network: the link before the server, where it may be changed by `/network`.
  public init(
    loop: Loop, source: any AnswerSource = SeededScript(), limits: Limits = Limits(),
    access: Access = Access(), staticFolder: String?, takesFaults: Bool = false,
    network: (any NetworkChoice)? = nil
  ) {
    self.loop = loop
    self.limits = limits
    self.access = access
    telemetry = Telemetry(engine: "libwebsockets \(LWS.version), libev")
    files = StaticFiles(folder: staticFolder)
    networkChoice = network
    faults = takesFaults ? FaultCommands(readers: readers) : nil
    streams = Streams(loop: loop, telemetry: telemetry, limits: limits, source: source)
  }

  public func responder(for request: Request, session: Session) -> any Responder {
    let route = Route(request.path)
    let telemetry = telemetry(for: route, request)
    session.count(in: telemetry.tally)
    return access.responder(for: request, to: route) {
      readers.attend(request, session, telemetry, areBroken: faults != nil) {
        answer(request, route, session)
      }
    }
  }

  private func answer(_ request: Request, _ route: Route, _ session: Session) -> any Responder {
    // About the server as a whole (RFC 9110, section 9.3.7).
    if request.path == "*" { return Answer(.empty(204, [("allow", "GET, HEAD, POST, DELETE, OPTIONS")])) }
    if let refusal = refusal(of: request.method, route) { return Answer(refusal) }
    if request.method == .options {
      return Answer(.empty(204, [("allow", route.methods.map(\.rawValue).joined(separator: ", "))]))
    }
    if route.isWebSocket { return Answer(.needsWebSocket) }
    switch route {
    case .streams: return Answer(ask(request))
    case .stream(let id): return Answer(request.method == .delete ? delete(id) : state(of: id))
    case .schedule(let id): return Answer(streams[id]?.schedule(from: streams.source) ?? .unknownStream)
    case .readers: return Answer(readers.response(to: request.query))
    case .fault(let fault): return Answer(faults?.response(to: fault, request.query) ?? FaultCommands.areOff)
    case .read(let id, let served): return read(id, over: served.type, request, session, telemetry[served])
    case .chatStream: return ChatStream(request).responder(session: session, lab: self)
    case .completions: return Completion.responder(for: request, session: session, lab: self)
    case .models: return Answer(models)
    case .model(let name): return Answer(model(name))
    case .source: return Answer(source)
    case .network: return Answer(network(request))
    case .health: return Answer(health)
    case .transports:
      return Answer(.json(200, encoding: Served.transports.map(\.name), [("cache-control", "no-cache")]))
    case .metrics: return Answer(metrics())
    case .file(let path): return Answer(files.response(path: path) ?? .unknownStream)
    case .chatSocket, .echo, .nothing: preconditionFailure("answered above")
    }
  }

  /// Where there is nothing, or nothing for that method.
  private func refusal(of method: Request.Method, _ route: Route) -> Response? {
    if case .nothing(let hint) = route { return .error(404, hint) }
    if case .file(let path) = route, files.response(path: path) == nil {
      return .error(404, "there is nothing at this path")
    }
    return route.methods.contains(method) ? nil : .methodNotAllowed(route)
  }

  public func refusal(ofHead request: Request) -> Response? {
    if request.path == "*" { return nil }
    let route = Route(request.path)
    let refusal = access.refusal(of: request, to: route) ?? refusal(of: request.method, route)
    return refusal.map { access.share($0, with: request) }
  }

  public func refusal(ofWebSocket request: Request) -> Response? {
    let route = Route(request.path)
    let refusal = access.refusal(of: request, to: route) ?? refusal(ofWebSocket: request, route)
    return refusal.map { access.share($0, with: request) }
  }

  private func refusal(ofWebSocket request: Request, _ route: Route) -> Response? {
    switch route {
    case .chatSocket, .echo: return nil
    case .read(_, let served) where served.transport.exchange == .socket:
      do throws(FieldError) {
        _ = try served.type.init(request)
        return nil
      } catch {
        return .error(400, error.description)
      }
    case .nothing(let hint): return .error(404, hint)
    default: return .error(404, "there is no WebSocket at this path")
    }
  }

  public func webSocketResponder(for request: Request, session: Session) -> any Responder {
    let route = Route(request.path)
    let telemetry = telemetry(for: route, request)
    return readers.attend(request, session, telemetry, areBroken: faults != nil) {
      converse(request, route, session, telemetry)
    }
  }

  private func converse(
    _ request: Request, _ route: Route, _ session: Session, _ telemetry: TransportTelemetry
  ) -> any Responder {
    session.count(in: telemetry.tally)
    switch route {
    case .chatSocket: return ChatSocket(request, session: session, lab: self)
    case .read(let id, let served): return read(id, over: served.type, request, session, telemetry)
    default: return Echo(limit: limits.messageBytes)
    }
  }

  public func response(to problem: RequestProblem, of request: Request?) -> Response {
    telemetry.refused[problem, default: 0] += 1
    let response = Response.refusal(problem, limits)
    guard let request else { return response }
    // Who asks too often is not told whether the token was right.
    let refusal = problem == .tooManyRequests ? nil : access.refusal(of: request, to: Route(request.path))
    return access.share(refusal ?? response, with: request)
  }

  public func didDropStalledReader() {
    telemetry.stalledDropped += 1
  }
}

extension Lab {
  /// Generic over the transport, so that what it makes of the request needs no box.
  private func read<Transport: ServedTransport>(
    _ id: StreamID, over type: Transport.Type, _ request: Request, _ session: Session,
    _ telemetry: TransportTelemetry
  ) -> any Responder {
    let asked: Transport
    do throws(FieldError) {
      asked = try Transport(request)
    } catch {
      return Answer(.error(400, error.description))
    }
    do throws(Unreadable) {
      let stream = try asked.find(id, in: streams)
      stream.wasRead = true
      return try asked.responder(
        for: StreamReader(
          stream: stream, session: session, telemetry: telemetry, generation: streams, limits: limits))
    } catch {
      return asked.refusal(error)
    }
  }

  /// A reader that asked for its stream in the request that reads it.
  func reader(of stream: HostedStream, _ session: any Wakeable, _ transport: Transport) -> StreamReader {
    StreamReader(
      stream: stream, session: session, telemetry: telemetry[Served(transport)], generation: streams,
      limits: limits)
  }

  private func ask(_ request: Request) -> Response {
    let asking: Asking
    do throws(FieldError) {
      asking = try limits.asking(json: request.body)
    } catch {
      return .error(error.isTooLarge ? 413 : 400, error.description)
    }
    do throws(Unanswered) {
      let started = StreamStarted(try streams.answer(asking).live)
      return .json(201, Array(started.text.utf8), [("location", "/streams/\(started.stream)")])
    } catch {
      return .unanswered(error, now: .now)
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
    let text = telemetry.text(
      streams: streams.count, connections: loop.openConnections, pendingBytes: loop.pendingBytes)
    return Response(
      head: ResponseHead(
        status: 200,
        fields: [
          ("content-type", "text/plain; version=0.0.4; charset=utf-8"), ("x-content-type-options", "nosniff"),
          ("cache-control", "no-store"),
        ]),
      body: Array(text.utf8))
  }

  private var health: Response {
    let options = (access.wantsToken ? #","token":true"# : "") + (faults == nil ? "" : #","faults":true"#)
    return .json(200, Array(#"{"status":"ok"\#(options)}"#.utf8), [("cache-control", "no-store")])
  }

  private func telemetry(for route: Route, _ request: Request) -> TransportTelemetry {
    switch route {
    case .read(_, let served): telemetry[served]
    case .chatStream: telemetry[Served(ChatStream(request).transport)]
    case .chatSocket: telemetry[Served(WebSocket.transport)]
    default: telemetry.other
    }
  }
}
