import Experiments
import Foundation
import Machine
import Testing

@testable import Results

/// What becomes of a command whose output nobody takes.
@Suite(.serialized) struct OutputTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  private static let watch = ["watch", "--tokens", "30", "--rate", "500", "--think", "0", "hi"]

  /// Every command that prints, by the words that are typed.
  static let commands: [[String]] = [
    ["pushlab", "list"], ["pushlab", "doctor"], ["pushlab", "--help"], ["pushlab", "help", "run"],
    ["pushlab", "serve", "--help"], ["pushlab", "--generate-completion-script", "bash"],
    ["pushlab", "serve", "--port", "0"], ["pushlab"] + watch, ["pushlab"] + watch + ["--wire"],
    ["pushlab"] + watch + ["--transport", "websocket"],
    ["pushlab"] + watch + ["--transport", "long-polling"],
    ["pushlab"] + watch + ["--transport", "short-polling", "--interval", "0.01"],
    ["pushlab-bench", "--help"], ["pushlab-micro", "--help"],
  ]

  /// Runs a command from a shell that does something with its streams first.
  private func run(_ shell: String, _ words: [String]) async throws -> Command.Outcome {
    let products = URL(fileURLWithPath: try Command.pushlab).deletingLastPathComponent()
    let executable = products.appendingPathComponent(words[0]).path
    return try await Command.run("/bin/sh", ["-c", shell, "sh", executable] + words.dropFirst())
  }

  @Test(arguments: commands)
  func `a pipe that nobody reads ends a command without a word`(_ words: [String]) async throws {
    let outcome = try await run(Self.intoClosedPipe, words)
    #expect(outcome.status == 128 + SIGPIPE)
    #expect(outcome.errors == "")
  }

  /// A FIFO is opened to be read and written, then to be written, and the reader is closed.
  private static let intoClosedPipe = """
    fifo=$(mktemp -u) && mkfifo "$fifo" && exec 4<>"$fifo" 5>"$fifo" 4<&- && rm "$fifo"
    "$@" >&5
    """

  @Test(arguments: commands)
  func `a full disk is told in one line`(_ words: [String]) async throws {
    let outcome = try await run(#""$@" >/dev/full"#, words)
    #expect(outcome.status == 1)
    #expect(outcome.errors == "\(words[0]): standard output cannot be written: No space left on device\n")
  }

  @Test(arguments: [["pushlab", "list"], ["pushlab"] + watch])
  func `an output that was closed at the start is told, and nothing else gets the text`(
    _ words: [String]
  ) async throws {
    let outcome = try await run(#""$@" <&- >&-"#, words)
    #expect(outcome.status == 1)
    #expect(outcome.errors == "pushlab: standard output cannot be written: Bad file descriptor\n")
    // With nobody to tell, there is still the status.
    let silent = try await run(#""$@" <&- >&- 2>&-"#, words)
    #expect(silent.status == 1)
  }

  @Test func `a file at its size limit is told`() async throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("list").path
    let outcome = try await run("ulimit -f 0; \"$@\" >'\(file)'", ["pushlab", "list"])
    #expect(outcome.status == 1)
    #expect(outcome.errors == "pushlab: standard output cannot be written: File too large\n")
  }

  @Test func `a run whose output fails leaves its result, which can be shown`() async throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("short.yml")
    try CommandTests.experiment.write(to: file, atomically: true, encoding: .utf8)
    let out = folder.appendingPathComponent("out").path
    let outcome = try await run(#""$@" >/dev/full"#, ["pushlab", "run", file.path, "--out", out])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasSuffix("\npushlab: standard output cannot be written: No space left on device\n"))
    for name in ["report.html", "report.md"] {
      #expect(FileManager.default.fileExists(atPath: "\(out)/\(name)"), "\(name)")
    }
    #expect(try RunResult.read(URL(fileURLWithPath: out + "/result.json")).trials.count == 8)
    for words in [["report", out, "--format", "csv"], ["report", out], ["compare", out, out]] {
      let full = try await run(#""$@" >/dev/full"#, ["pushlab"] + words)
      #expect(full.status == 1)
      #expect(full.errors == "pushlab: standard output cannot be written: No space left on device\n")
      let closed = try await run(Self.intoClosedPipe, ["pushlab"] + words)
      #expect(closed.status == 128 + SIGPIPE)
      #expect(closed.errors == "")
    }
  }

  @Test func `an answer does not depend on standard error`() async throws {
    let outcome = try await run(#""$@" 2>/dev/full"#, ["pushlab", "list"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("01-typewriter"))
  }
}
