import Foundation
import PlainText

/// A `pushlab serve` in a process of its own. It ends with this process, however that ends, because it stops
/// at the end of its standard input.
public final class ServerProcess {
  /// On 127.0.0.1; the same after a restart.
  public private(set) var port = 0
  private let executable: String
  private let arguments: [String]
  private var process: ChildProcess

  /// Starts the server on the loopback interface and waits until it listens.
  /// - Parameters:
  ///   - executable: the `pushlab` command.
  ///   - port: 0 takes any free one. A server that is to be restarted needs one of its own: see `LoopbackInterface.freePort`.
  /// - Throws: `ProcessFailure` with what the server said.
  public init(executable: String, port: Int = 0, arguments: [String] = []) throws {
    self.executable = executable
    self.arguments = arguments
    (process, self.port) = try Self.start(executable, port: port, arguments)
  }

  public var processIdentifier: Int32 { process.processIdentifier }

  /// Stops the server and waits until it is gone.
  public func stop() {
    try? process.input.close()
    process.wait()
  }

  /// Kills the server as a crash would, and waits until it is gone. The kernel ends its connections.
  public func kill() {
    process.signal(SIGKILL)
    stop()
  }

  /// Starts it anew on the same port, with nothing left of what it held; one that still runs is killed first.
  /// - Throws: `ProcessFailure` with what the server said.
  public func restart() throws {
    if process.isRunning { kill() }
    (process, self.port) = try Self.start(executable, port: self.port, arguments)
  }

  private static func start(_ executable: String, port: Int, _ arguments: [String]) throws
    -> (ChildProcess, port: Int)
  {
    // Readers know no token, and nobody else reaches the server.
    let environment = ProcessInfo.processInfo.environment.filter { $0.key != "PUSHLAB_TOKEN" }
    let process = try ChildProcess(
      executable, ["serve", "--port", String(port), "--stop-at-end-of-input"] + arguments,
      environment: environment)
    let line = String(decoding: process.output.availableData, as: UTF8.self)
    guard let port = line.split(separator: ":").last.flatMap({ Int($0.filter(\.isNumber)) }) else {
      let said = String(decoding: process.errors.readDataToEndOfFile(), as: UTF8.self)
      throw ProcessFailure(
        "the server did not start: \(said.split(separator: "\n").last ?? "it said nothing")")
    }
    return (process, port)
  }
}

/// Why a process did not do what it was started for, in one line.
public struct ProcessFailure: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description.onOneLine
  }
}
