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
  /// Its development server, as the article has it.
  case flask
  /// uvicorn with sse-starlette.
  case uvicorn

  public var transports: [Transport] {
    switch self {
    case .floor: [.serverSentEvents, .webSocket]
    case .pushlab, .nchan: Transport.allCases
    case .flask, .uvicorn: [.serverSentEvents]
    }
  }

  /// Nchan fans out what is published to it: a channel and a publisher for each reader is nothing that anybody
  /// would do with it.
  public var shapes: [Load.Shape] { self == .nchan ? [.fanOut] : Load.Shape.allCases }

  /// Readers that it is asked to hold. Flask's development server has a thread for each.
  public var mostReaders: Int { self == .flask ? 4_000 : .max }

  /// Whether a reader hears something before its first token. A held poll does not, and Flask's development
  /// server sends the head with the first piece of the body.
  func answersAtOnce(_ transport: Transport) -> Bool { self != .flask && transport != .longPolling }
}

/// A server on one of its transports.
public struct Entry: Hashable, Codable, Sendable {
  public var server: Server
  public var transport: Transport

  public var name: String { "\(server.rawValue) \(transport.rawValue)" }

  /// Everybody who takes part in a load with so many readers.
  public static func all(
    _ shape: Load.Shape, readers: Int, of servers: [Server], transports: [Transport]
  ) -> [Entry] {
    servers.filter { $0.shapes.contains(shape) && readers <= $0.mostReaders }.flatMap { server in
      server.transports.filter(transports.contains).map { Entry(server: server, transport: $0) }
    }
  }
}
