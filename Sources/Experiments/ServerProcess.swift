import Foundation
import LabClient

/// A `pushlab serve` in a process of its own. It ends with this process, however that ends, because it stops
/// at the end of its standard input.
public final class ServerProcess {
  public let address: ServerAddress
  private let process: Process
  private let input: Pipe

  /// Starts the server on a free port of the loopback interface and waits until it listens.
  /// - Parameter executable: the `pushlab` command.
  /// - Throws: `ExperimentError` with what the server said.
  public init(executable: String, arguments: [String] = []) throws {
    process = Process()
    input = Pipe()
    let output = Pipe()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = ["serve", "--port", "0", "--stop-at-end-of-input"] + arguments
    // Readers know no token, and nobody else reaches the server.
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "PUSHLAB_TOKEN" }
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = line.split(separator: ":").last.flatMap({ Int($0.filter(\.isNumber)) }) else {
      process.waitUntilExit()
      let said = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
      throw ExperimentError(
        "the server did not start: \(said.split(separator: "\n").first ?? "it said nothing")")
    }
    address = ServerAddress(host: "127.0.0.1", port: port)
  }

  public var processIdentifier: Int32 { process.processIdentifier }

  /// Stops the server and waits until it is gone.
  public func stop() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
