import Foundation
import Machine
import MonotonicTime
import Wire

/// The bare `send` loop of `Sources/floor`.
final class Floor: Contestant {
  /// Between two looks at what is due: as long as pushlab's loop rests. One that rested less would be earlier where
  /// tokens are dense, and wake up more often than pushlab, which is most of what a token costs there.
  private static let rest = Duration.microseconds(50)

  let port: Int
  private let process: ChildProcess

  init(_ parts: Parts, _ load: Load, payloads: URL) throws {
    let (gap, rest) = (String(load.gap.inNanoseconds), String(Self.rest.inNanoseconds))
    process = try ChildProcess(
      parts.floor, [payloads.path, load.question.epoch.description, gap, rest], errors: .nothing)
    let line = String(decoding: process.output.availableData, as: UTF8.self)
    guard let port = line.split(separator: ":").last.flatMap({ Int($0.filter(\.isNumber)) }) else {
      throw BenchError("the floor did not start: build it with 'make bench'")
    }
    self.port = port
  }

  var processes: [Int32] { [process.processIdentifier] }

  func plans(_ load: Load, _ transport: Transport) -> [ReaderPlan] {
    (0..<load.readers).map { reader in
      let first = load.first(of: reader)
      let query = "?start=\(first.nanoseconds)"
      let request =
        transport.exchange == .socket
        ? RequestBytes.upgrade("/socket" + query) : RequestBytes.get("/events" + query)
      return ReaderPlan(asking: .once(request), first: first)
    }
  }

  func stop() {
    try? process.input.close()
    process.wait()
  }
}
