import Foundation
import Machine
import MonotonicTime
import Wire

/// Flask or uvicorn: a script of `bench/peers`.
final class PythonServer: Contestant {
  let port: Int
  private let process: ChildProcess
  /// Those that serve: the process itself, or the worker that it has.
  private(set) var processes: [Int32] = []

  /// - Throws: `BenchError` where it does not answer in time.
  init(_ parts: Parts, _ load: Load, script: String, payloads: URL) throws {
    port = try LoopbackInterface.freePort()
    process = try ChildProcess(
      parts.python,
      [parts.peers + "/" + script, String(port), payloads.path, String(load.gap.inNanoseconds)],
      errors: .nothing)
    do {
      try process.waitUntilListening(on: port)
      // A master listens before it has a worker; whatever the answer, somebody serves.
      _ = try AskedConnection(port: port).answer(to: RequestBytes.get("/events"))
    } catch {
      stop()
      throw error
    }
    processes = [process.worker]
  }

  func plans(_ load: Load, _ transport: Transport) -> [ReaderPlan] {
    (0..<load.readers).map { reader in
      let first = load.first(of: reader)
      return ReaderPlan(
        asking: .once(RequestBytes.get("/events?start=\(first.nanoseconds)")), first: first)
    }
  }

  /// It holds threads that sleep or connections that it would wait for. A worker ends by itself when its master has
  /// gone, within a second that nobody needs to wait for.
  func stop() {
    let worker = process.worker
    process.signal(SIGKILL)
    process.wait()
    if worker != process.processIdentifier { kill(worker, SIGKILL) }
  }
}

extension ChildProcess {
  /// - Throws: `BenchError` where it ends, or nobody listens in time.
  func waitUntilListening(on port: Int) throws {
    let giveUp = Instant.now.advanced(by: .seconds(20))
    while isRunning, Instant.now < giveUp {
      if let descriptor = try? Loopback.connect(to: port) {
        Loopback.reset(descriptor)
        return
      }
      usleep(10_000)
    }
    throw BenchError(isRunning ? "did not listen within 20 s" : "ended instead of listening")
  }
}
