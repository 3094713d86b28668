import Foundation
import PlainText

/// A `pushlab serve` in a process of its own. It ends with this process, however that ends, because it stops
/// at the end of its standard input.
public final class ServerProcess {
  /// The same after a restart.
  public private(set) var port = 0
  /// Where it listens.
  public let host: String
  private let executable: String
  private let arguments: [String]
  private var process: ChildProcess

  /// Starts the server and waits until it listens.
  /// - Parameters:
  ///   - executable: the `pushlab` command.
  ///   - host: an address of the loopback interface, unless the arguments say who may reach it on another.
  ///   - port: 0 takes any free one. A server that is to be restarted needs one of its own: see `LoopbackInterface.freePort`.
  ///   - launcher: the program that starts it and becomes it, with its arguments; none starts it as it is.
  /// - Throws: `ProcessFailure` with what the server said.
  public init(
    executable: String, host: String = "127.0.0.1", port: Int = 0, launcher: [String] = [],
    arguments: [String] = []
  ) throws {
    let words = launcher + [executable]
    self.host = host
    self.executable = words[0]
    self.arguments = words.dropFirst() + ["serve", "--host", host, "--stop-at-end-of-input"] + arguments
    (process, self.port) = try Self.start(self.executable, port: port, self.arguments)
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
      executable, arguments + ["--port", String(port)], environment: environment)
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
