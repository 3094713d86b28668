import Foundation
import Machine

/// A program run to its end, or a server run until it is told to stop. It ends with these tests, however they end:
/// `Tests/Support/guarded` says how.
final class Command {
  private let process: ChildProcess

  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The `pushlab` that people run, which is what `make build` made.
  /// - Throws: where it is missing or older than the sources; the environment may name another, such as one that a
  ///   sanitizer watches, by its path in the project's folder.
  static var pushlab: String { get throws { try ReleaseBuild.pushlab.get() } }

  /// The project's folder: its experiments and its page.
  static var project: URL {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder
  }

  var isRunning: Bool { process.isRunning }

  /// - Parameter environment: what is set beside this process's own variables.
  init(
    _ executable: String, _ arguments: [String], folder: URL = Command.project,
    environment: [String: String] = [:]
  ) throws {
    // A token that whoever runs the tests has set is no part of them.
    let variables = ProcessInfo.processInfo.environment.filter { $0.key != "PUSHLAB_TOKEN" }
      .merging(environment) { _, given in given }
    process = try ChildProcess(
      Command.project.path + "/Tests/Support/guarded", [executable] + arguments, environment: variables,
      folder: folder.path)
  }

  deinit {
    process.signal(SIGTERM)
    process.wait()
  }

  var processIdentifier: Int32 { process.processIdentifier }

  static func run(
    _ executable: String, _ arguments: [String], folder: URL = Command.project,
    environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await Command(executable, arguments, folder: folder, environment: environment).outcome()
  }

  /// Waits for the end. Both pipes are read side by side, so that neither can fill up.
  func outcome() async -> Outcome {
    let streams = (output: process.output, errors: process.errors)
    async let output = Self.rest(of: streams.output)
    async let errors = Self.rest(of: streams.errors)
    let (outputBytes, errorBytes) = await (output, errors)
    let status: Int32 =
      switch process.wait() {
      case .exited(let status): status
      case .signalled(let number): -number
      case .unknown: -1_000
      }
    return Outcome(
      status: status, output: String(decoding: outputBytes, as: UTF8.self),
      errors: String(decoding: errorBytes, as: UTF8.self))
  }

  /// Read on a thread of its own: all tests together have two, and an experiment takes a minute.
  private static func rest(of stream: FileHandle) async -> Data {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: stream.readDataToEndOfFile()) }
    }
  }

  /// The port that a server says it listens on.
  func port() throws -> Int {
    let line = String(decoding: process.output.availableData, as: UTF8.self)
    guard let port = line.split(separator: ":").last.flatMap({ Int($0.filter(\.isNumber)) }) else {
      throw RawConnection.Failure(what: "the server said '\(line)'")
    }
    return port
  }

  func signal(_ number: Int32) {
    process.signal(number)
  }

  /// User and system time the process has used so far.
  var processorTime: Duration {
    let text = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    let ticks = (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
    return .seconds(ticks) / sysconf(Int32(_SC_CLK_TCK))
  }
}

extension Command {
  /// A run over a link, into a folder that is not there yet. The lab refuses to measure over a link that a busy machine keeps
  /// from being as it was asked to be; a moment later it may be.
  static func runOverLink(_ file: String, out: URL) async throws -> Outcome {
    let arguments = ["run", file, "--out", out.path]
    var outcome = try await run(pushlab, arguments)
    for _ in 0..<9 where outcome.errors.contains("The machine may be too busy") {
      try? FileManager.default.removeItem(at: out)
      outcome = try await run(pushlab, arguments)
    }
    return outcome
  }
}
