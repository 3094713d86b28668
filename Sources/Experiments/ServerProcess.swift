import Foundation
import LabClient
import Processes

/// A `pushlab serve` in a process of its own. It ends with this process, however that ends, because it stops
/// at the end of its standard input.
public final class ServerProcess {
  /// The same after a restart.
  public private(set) var address = ServerAddress(host: "127.0.0.1", port: 0)
  private let executable: String
  private let arguments: [String]
  private var process: ChildProcess

  /// Starts the server on the loopback interface and waits until it listens.
  /// - Parameters:
  ///   - executable: the `pushlab` command.
  ///   - port: 0 takes any free one. A server that is to be restarted needs one of its own: see `freePort`.
  /// - Throws: `ExperimentError` with what the server said.
  public init(executable: String, port: Int = 0, arguments: [String] = []) throws {
    self.executable = executable
    self.arguments = arguments
    (process, address.port) = try Self.start(executable, port: port, arguments)
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
  /// - Throws: `ExperimentError` with what the server said.
  public func restart() throws {
    if process.isRunning { kill() }
    (process, address.port) = try Self.start(executable, port: address.port, arguments)
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
      throw ExperimentError(
        "the server did not start: \(said.split(separator: "\n").last ?? "it said nothing")")
    }
    return (process, port)
  }
}

extension ServerProcess {
  /// A port of the loopback interface that nobody uses, and that the kernel gives to no connection by itself:
  /// while the server is away, a reader that asks for one of those may be connected to itself.
  /// - Throws: `ExperimentError` where there is none.
  public static func freePort() throws -> Int {
    let range = try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
    let lowest = range?.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } ?? 32_768
    for _ in 0..<1_000 where lowest > 1_024 {
      let port = Int.random(in: max(1_024, lowest / 2)..<lowest)
      if isFree(port) { return port }
    }
    throw ExperimentError("there is no free port below those of /proc/sys/net/ipv4/ip_local_port_range")
  }

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
