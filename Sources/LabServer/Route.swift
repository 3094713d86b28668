import Answers
import LWS
import TokenStream
import Wire

/// What a path names.
enum Route: Equatable {
  case streams
  case stream(StreamID)
  case read(StreamID, Served)
  case schedule(StreamID)
  /// What is counted of a reader.
  case readers
  case fault(FaultCommand)
  case chatStream
  case chatSocket
  case echo
  case health
  /// The names of the transports that streams can be read over, for the page.
  case transports
  case metrics
  /// What answers, for the page.
  case source
  /// The link before the server, for the page.
  case network
  /// The OpenAI interface.
  case completions
  case models
  case model(String)
  /// Anything else, to be looked for below `static/`.
  case file(String)
  /// Below `/streams/`, but nothing that is there.
  case nothing(String)

  init(_ path: String) {
    // First what is asked most.
    if path.hasPrefix("/streams/") {
      self = Route(belowStreams: path)
      return
    }
    switch path {
    case "/streams": self = .streams
    case "/chat-stream": self = .chatStream
    case "/chat-socket": self = .chatSocket
    case "/echo": self = .echo
    case "/healthz": self = .health
    case "/transports": self = .transports
    case "/metrics": self = .metrics
    case "/source": self = .source
    case "/network": self = .network
    case "/v1/chat/completions": self = .completions
    case "/v1/models": self = .models
    case _ where path.hasPrefix("/v1/models/"): self = .model(String(path.dropFirst("/v1/models/".count)))
    case "/readers": self = .readers
    case _ where path.hasPrefix("/faults/"):
      let names = FaultCommand.allCases.map(\.rawValue).joined(separator: ", ")
      let fault = FaultCommand(rawValue: String(path.dropFirst("/faults/".count)))
      self = fault.map { .fault($0) } ?? .nothing("the faults are \(names), nothing else")
    default: self = .file(path)
    }
  }

  private init(belowStreams path: String) {
    let rest = path.utf8.dropFirst("/streams/".utf8.count)
    let name = rest.prefix { $0 != UInt8(ascii: "/") }
    guard let id = StreamID(digits: name) else {
      self = .nothing("there is no stream of that name: POST /streams starts one")
      return
    }
    guard name.endIndex < rest.endIndex else {
      self = .stream(id)
      return
    }
    let resource = String(path[name.endIndex...].dropFirst())
    if let served = Served(resource: resource) {
      self = .read(id, served)
    } else if resource == "schedule" {
      self = .schedule(id)
    } else {
      let resources = (Served.transports.map(\.resource) + ["schedule"]).joined(separator: ", ")
      self = .nothing("a stream has \(resources), nothing else")
    }
  }

  /// The methods it takes, for the `Allow` field (RFC 9110, section 10.2.1).
  var methods: [Request.Method] {
    switch self {
    case .streams, .completions: [.post, .options]
    case .stream: [.get, .head, .delete, .options]
    case .chatStream: [.get, .head, .post, .options]
    case .network: [.get, .head, .post, .options]
    case .fault(let fault): fault.isDeed ? [.post, .options] : [.get, .head, .options]
    default: [.get, .head, .options]
    }
  }

  /// Whether it is read through a WebSocket only.
  var isWebSocket: Bool {
    switch self {
    case .chatSocket, .echo: true
    case .read(_, let served): served.transport.exchange == .socket
    default: false
    }
  }
}
