import Foundation

/// The outside face: a libwebsockets server on a thread of its own.
public final class Server<S: Service & SendableMetatype>: Sendable {
  /// The port it listens on.
  public let port: Int
  /// How many connections its process has descriptors for, if the limits take as many.
  public let mostConnections: Int
  private let mailbox: Mailbox
  private let finished: Signal

  /// Starts the thread and returns once the server listens.
  /// - Parameter makeService: called on the loop's thread.
  public init(
    _ configuration: ServerConfiguration, makeService: @escaping @Sendable (Loop) -> S
  ) throws(ServerError) {
    let mailbox = Mailbox()
    let finished = Signal()
    let started = Signal()
    // Written before `started` is given, read once it was waited for.
    nonisolated(unsafe) var outcome: Result<(port: Int, most: Int), ServerError>?
    let thread = Thread {
      do throws(ServerError) {
        let loop = try Loop(mailbox: mailbox, serviceFieldNames: S.fieldNames, configuration)
        let port = try loop.open(configuration)
        loop.service = makeService(loop)
        outcome = .success((port, loop.mostConnections))
        started.give()
        loop.run()
        loop.close()
        // The service may own timers and logs that point back at the loop.
        loop.service = nil
        withExtendedLifetime(loop) {}
      } catch {
        outcome = .failure(error)
        started.give()
      }
      finished.give()
    }
    thread.name = "libwebsockets"
    thread.stackSize = 1 << 20
    thread.start()
    started.wait()
    (port, mostConnections) = try outcome!.get()
    self.mailbox = mailbox
    self.finished = finished
  }

  /// Closes every connection and returns once the thread has let go of everything. Harmless when repeated.
  public func stop() {
    mailbox.stop()
    finished.wait()
  }
}

/// Given once, waited for by any number of threads.
private final class Signal: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func give() { semaphore.signal() }

  func wait() {
    semaphore.wait()
    semaphore.signal()
  }
}
