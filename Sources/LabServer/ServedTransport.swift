import Answers
import LWS
import MonotonicTime
import TokenStream
import Wire

/// A transport on the server: a reader's request, and all that this transport makes of it. Each has a file of its own in
/// `Transports`, and `servedTransports` names them.
protocol ServedTransport: SendableMetatype {
  static var transport: Transport { get }
  /// What the request asks for.
  /// - Throws: `FieldError` that names the parameter.
  init(_ request: Request) throws(FieldError)
  /// Where the reader wants to begin.
  var place: StartingPlace { get }
  /// The stream, where it can be read from that place.
  /// - Throws: `Unreadable`.
  func find(_ id: StreamID, in streams: Streams) throws(Unreadable) -> HostedStream
  /// Answers the reader.
  /// - Throws: `Unreadable` where there is no room for another one of this kind.
  func responder(for reader: StreamReader) throws(Unreadable) -> any Responder
  /// Tells the reader, in the transport's own way, why it cannot read.
  func refusal(_ reason: Unreadable) -> any Responder
}

extension ServedTransport {
  func find(_ id: StreamID, in streams: Streams) throws(Unreadable) -> HostedStream {
    try place.find(id, in: streams)
  }

  func refusal(_ reason: Unreadable) -> any Responder { Answer(reason.response) }
}

/// One of `servedTransports`, by its place among them.
struct Served: Hashable {
  let index: Int

  var type: any ServedTransport.Type { servedTransports[index] }
  var transport: Transport { Self.transports[index] }

  static let transports = servedTransports.map { $0.transport }
  static let all = servedTransports.indices.map { Served(index: $0) }
  private static let resources = transports.map(\.resource)

  private init(index: Int) {
    self.index = index
  }

  /// - Returns: nil for a resource that no transport has.
  init?(resource: String) {
    guard let index = Self.resources.firstIndex(of: resource) else { return nil }
    self.index = index
  }

  /// One that is known to be served.
  init(_ transport: Transport) {
    index = Self.transports.firstIndex(of: transport)!
  }
}

/// Where in a stream a reader wants to begin: what every transport takes from a query.
struct StartingPlace: Equatable {
  /// The first index wanted.
  var from = 0
  /// The epoch that `from` counts in, where the reader named one.
  var epoch: String?

  init(from index: Int = 0, epoch: String? = nil) {
    from = index
    self.epoch = epoch
  }

  /// - Throws: `FieldError` that names the parameter.
  init(_ query: [(name: String, value: String)]) throws(FieldError) {
    for (name, value) in query {
      switch name {
      case "from":
        guard let index = Int(value), index >= 0 else {
          throw FieldError("'from' takes the first index wanted, a whole number from 0")
        }
        from = index
      case "epoch": epoch = value
      default: break
      }
    }
  }

  /// - Throws: `Unreadable`.
  func find(_ id: StreamID, in streams: Streams) throws(Unreadable) -> HostedStream {
    guard let stream = streams[id] else { throw .unknown }
    if let epoch, epoch != stream.log.epoch.description { throw .otherEpoch }
    return stream
  }
}

/// A reader of a stream, and what the lab lends a transport for it.
struct StreamReader {
  let stream: HostedStream
  /// It owns the responder, and so outlives it.
  unowned let session: any Wakeable
  let telemetry: TransportTelemetry
  unowned let generation: any Generation
  let limits: Limits

  var tokens: FramedLog { stream.tokens }

  func cursor(from index: Int) -> Cursor {
    Cursor(tokens, from: index, lagLimit: limits.lagTokens, waking: session)
  }
}

/// Who generates streams, and can be told to end one.
protocol Generation: AnyObject {
  func stop(_ stream: HostedStream)
}

/// Why a stream cannot be read.
enum Unreadable: Error, Equatable {
  /// There is no stream of that name, or none any more.
  case unknown
  /// The reader counts in another answer's tokens.
  case otherEpoch
  /// There are as many readers of that kind as the server takes, in words.
  case noRoom(String)

  var status: Int {
    switch self {
    case .unknown: 404
    case .otherEpoch: 409
    case .noRoom: 503
    }
  }

  var text: String {
    switch self {
    case .unknown: "there is no stream of that name: it never existed, or it has expired"
    case .otherEpoch: "this stream has another epoch: read it from its start, with from=0"
    case .noRoom(let words): "\(words); try again in 1 s"
    }
  }

  var response: Response {
    .error(status, text, status == 503 ? [("retry-after", "1")] : [])
  }
}
