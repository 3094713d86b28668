import Foundation

/// A server for HTTP/1.1 and WebSocket on a thread of its own, written on libwebsockets 4.1.6 and libev.
///
/// It is for servers that hold many connections and push small pieces over them at exact instants. One `Service` answers
/// all requests; a `Responder` answers one of them, or speaks for one WebSocket, and is asked what to do next whenever its
/// socket can take something. It never sees the socket, so that a test can ask it directly.
///
///     final class Hello: Service { … func responder(for request: Request, session: Session) -> any Responder { … } }
///     let server = try Server(ServerConfiguration(port: 8080)) { loop in Hello() }
///     server.stop()
///
/// What it promises:
/// - All calls come on the loop's thread, and a `Responder` is given one `Step` at a time. Whoever has something new to say
///   wakes the `Session`, in the same turn of the loop; what falls due is set in the `Loop`, to a grain of 50 µs.
/// - Every request is judged by one rule, from its raw bytes, the first of a connection as the fiftieth. What follows a
///   request is answered in its turn (RFC 9112, section 9.3.2). What cannot be taken is a `RequestProblem`, which the service
///   puts into words, and is the last of its connection.
/// - What peers may take up is bounded by `ConnectionLimits`: connections, heads, bodies and messages in flight, time. Who does
///   not read costs what the kernel holds for it (`Session.unsentBytes`), and is dropped after `stallTime`.
/// - `stop()` closes every connection and returns when each session has heard of it.
///
/// Traps of libwebsockets that it closes, each seen in 4.1.6:
/// - A peer that leaves while its answer is held makes the loop spin. Connections are watched by an epoll set of their own.
/// - Bytes behind a request, once libwebsockets holds them, spin for good. It never reads HTTP here: `Connection` does.
/// - Percent-escapes are decoded before the request line is parsed, odd heads are closed without a word, and of a WebSocket's
///   handshake neither key nor version is checked. `RequestHead` and `Handshake` judge them first.
/// - Headers of unknown length close the connection. `ResponseBytes` writes heads and chunks itself.
/// - Its timers have a grain of a millisecond, in a list that costs more with each connection. `Alarm` and `DueQueue` do not.
/// - Each WebSocket holds its receive buffer for life. It is 1 kB here, and `MessageAssembly` puts messages together.
/// - Its permessage-deflate closes a connection over an empty message. `SocketCompression` stands in its place.
/// - A callback may lose the very object that it calls. `Dispatch` holds it until the call is over.
public final class Server<S: Service & SendableMetatype>: Sendable {
  /// The port it listens on.
  public let port: Int
  /// How many connections its process has descriptors for, if the limits take as many.
  public let mostConnections: Int
  private let stopSignal: Signal
  private let finished: Gate

  /// Starts the thread and returns once the server listens.
  /// - Parameter makeService: called on the loop's thread.
  public init(
    _ configuration: ServerConfiguration, makeService: @escaping @Sendable (Loop) -> S
  ) throws(ServerError) {
    let stopSignal = Signal()
    let finished = Gate()
    let started = Gate()
    // Written before `started` is opened, read once it was waited for.
    nonisolated(unsafe) var outcome: Result<(port: Int, most: Int), ServerError>?
    let thread = Thread {
      do throws(ServerError) {
        let loop = try Loop(stop: stopSignal, serviceFieldNames: S.fieldNames, configuration)
        let port = try loop.open(configuration)
        loop.service = makeService(loop)
        outcome = .success((port, loop.mostConnections))
        started.open()
        loop.run()
        loop.close()
        // The service may own timers and logs that point back at the loop.
        loop.service = nil
        withExtendedLifetime(loop) {}
      } catch {
        outcome = .failure(error)
        started.open()
      }
      finished.open()
    }
    thread.name = configuration.name
    thread.stackSize = 1 << 20
    thread.start()
    started.wait()
    (port, mostConnections) = try outcome!.get()
    self.stopSignal = stopSignal
    self.finished = finished
  }

  /// Closes every connection and returns once the thread has let go of everything. Harmless when repeated.
  public func stop() {
    stopSignal.send()
    finished.wait()
  }
}

/// Opened once, waited for by any number of threads.
private final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func open() { semaphore.signal() }

  func wait() {
    semaphore.wait()
    semaphore.signal()
  }
}
