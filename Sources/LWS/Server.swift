import CLibwebsockets
import Foundation
import Synchronization

/// The outside face: a libwebsockets server on a thread of its own.
public final class Server<S: Service & SendableMetatype>: Sendable {
  /// The port it listens on.
  public let port: Int
  private let mailbox: Mailbox
  private let residents: Residents<S>
  private let finished: Signal

  /// Starts the thread and returns once the server listens.
  /// - Parameter makeService: called on the loop's thread.
  public init(
    _ configuration: ServerConfiguration, makeService: @escaping @Sendable (Loop) -> S
  ) throws(ServerError) {
    let mailbox = Mailbox()
    let residents = Residents<S>()
    let finished = Signal()
    let started = Signal()
    let outcome = Mutex<Result<Int, ServerError>?>(nil)
    let thread = Thread {
      let loop = Loop(mailbox: mailbox, serviceFieldNames: S.fieldNames)
      do throws(ServerError) {
        let port = try loop.open(configuration)
        let service = makeService(loop)
        loop.service = service
        residents.moveIn(service)
        outcome.withLock { $0 = .success(port) }
        started.give()
        loop.run()
      } catch {
        outcome.withLock { $0 = .failure(error) }
        started.give()
      }
      loop.close()
      residents.moveOut()
      // The service may own timers and logs that point back at the loop.
      loop.service = nil
      finished.give()
    }
    thread.name = "libwebsockets"
    thread.stackSize = 1 << 20
    thread.start()
    started.wait()
    port = try outcome.withLock { $0! }.get()
    self.mailbox = mailbox
    self.residents = residents
    self.finished = finished
  }

  /// Runs the body on the loop's thread and returns its result; nil once the server has stopped.
  public func perform<R: Sendable>(_ body: @escaping @Sendable (S) -> R) async -> R? {
    await withCheckedContinuation { continuation in
      let job: @Sendable () -> Void = { [residents] in
        continuation.resume(returning: residents.visit(body))
      }
      if mailbox.isStopping { job() } else { mailbox.post(job) }
    }
  }

  /// Closes every connection and returns once the thread has let go of everything. Harmless when repeated.
  public func stop() {
    mailbox.stop()
    finished.wait()
  }
}

/// Holds the service for `perform`.
///
/// `@unchecked Sendable`: the service is put in, visited and taken out on the loop's thread; another thread
/// reaches `visit` only after the stop, when the lock shows it an empty place.
private final class Residents<S: Service>: @unchecked Sendable {
  private let lock = NSLock()
  private var service: S?

  func moveIn(_ service: S) { lock.withLock { self.service = service } }
  func moveOut() { lock.withLock { service = nil } }
  func visit<R>(_ body: (S) -> R) -> R? { lock.withLock { service.map(body) } }
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
