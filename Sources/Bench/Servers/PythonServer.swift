import Experiments
import Foundation
import MonotonicTime
import Processes
import Wire

/// Flask, or uvicorn with sse-starlette: a script of `bench/peers`.
final class PythonServer: Contestant {
  let port: Int
  private let process: ChildProcess

  init(_ parts: Parts, _ load: Load, script: String, payloads: URL) throws {
    port = try ServerProcess.freePort()
    process = try ChildProcess(
      parts.python,
      [parts.peers + "/" + script, String(port), payloads.path, String(load.gap.inNanoseconds)],
      errors: .nothing)
    do {
      try process.waitUntilListening(on: port)
    } catch {
      stop()
      throw error
    }
  }

  var processes: [Int32] { [process.processIdentifier] }

  func plans(_ load: Load, _ transport: Transport) -> [ReaderPlan] {
    (0..<load.readers).map { reader in
      let first = load.first(of: reader)
      return ReaderPlan(
        asking: .once(RequestBytes.get("/events?start=\(first.nanoseconds)")), first: first)
    }
  }

  /// It holds threads that sleep or connections that it would wait for.
  func stop() {
    process.signal(SIGKILL)
    process.wait()
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
