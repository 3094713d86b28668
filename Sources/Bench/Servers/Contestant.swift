import LabClient
import Wire

/// A server that is measured, in processes of its own.
protocol Contestant: AnyObject {
  var port: Int { get }
  /// The processes whose time and memory count.
  var processes: [Int32] { get }
  /// Makes ready what is to be read, and says how each reader reads it.
  func plans(_ load: Load, _ transport: Transport) throws -> [ReaderPlan]
  /// What gives it its tokens while the readers read; nil where it makes them itself.
  func publisher(_ load: Load) throws -> Publisher?
  /// Stops it, and waits until it is gone.
  func stop()
}

extension Contestant {
  func publisher(_ load: Load) throws -> Publisher? { nil }
}

/// Who takes part.
public enum Server: String, CaseIterable, Codable, Sendable {
  /// A loop of bare `send` calls.
  case floor
  case pushlab
  /// nginx with the Nchan module.
  case nchan
  /// Flask's development server, as the article has it.
  case flask
  /// The same application as one would deploy it.
  case gunicorn
  /// uvicorn with sse-starlette.
  case uvicorn
  /// uvicorn with an application of its own, without a framework.
  case asgi

  /// What it is called where it is shown.
  public var name: String {
    switch self {
    case .floor, .pushlab, .nchan: rawValue
    case .flask: "flask (development server)"
    case .gunicorn: "flask, gunicorn gevent"
    case .uvicorn: "uvicorn, sse-starlette"
    case .asgi: "uvicorn, bare ASGI"
    }
  }

  public var transports: [Transport] {
    switch self {
    case .floor: [.serverSentEvents, .webSocket]
    case .pushlab: Transport.allCases
    case .nchan: [.shortPolling, .longPolling, .serverSentEvents, .webSocket]
    case .flask, .gunicorn, .uvicorn, .asgi: [.serverSentEvents]
    }
  }

  /// Nchan fans out what is published to it: a channel and a publisher for each reader is nothing that anybody
  /// would do with it.
  public var shapes: [Load.Shape] { self == .nchan ? [.fanOut] : Load.Shape.allCases }

  /// Readers that it is asked to hold. Flask's development server has a thread for each.
  public var mostReaders: Int { self == .flask ? 4_000 : .max }

  /// Whether a reader hears something before its first token. A held poll does not, and WSGI sends the head with
  /// the first piece of the body.
  func answersAtOnce(_ transport: Transport) -> Bool {
    self != .flask && self != .gunicorn && transport.exchange != .heldPages
  }
}

/// A server on one of its transports.
public struct Entry: Hashable, Codable, Sendable {
  public var server: Server
  public var transport: Transport

  /// A server of one transport goes without its name.
  public var name: String {
    server.transports.count > 1 ? "\(server.name) \(transport.name)" : server.name
  }

  /// Everybody who takes part in a load with so many readers.
  public static func all(
    _ shape: Load.Shape, readers: Int, of servers: [Server], transports: [Transport]
  ) -> [Entry] {
    servers.filter { $0.shapes.contains(shape) && readers <= $0.mostReaders }.flatMap { server in
      server.transports.filter(transports.contains).map { Entry(server: server, transport: $0) }
    }
  }
}
