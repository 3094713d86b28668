import Foundation
import Testing

/// The command knows its own folder: what lies in folders above the current one is neither run nor shown.
@Suite final class StrangersTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("strangers-\(UUID())")
    .resolvingSymlinksInPath()
  private var inner: URL { folder.appendingPathComponent("a/b") }
  private var mark: URL { folder.appendingPathComponent("mark") }

  /// A folder that looks like the project's, with programs that leave a mark.
  init() throws {
    let files = [
      "Package.swift": "", "Sources/pushlab/Pushlab.swift": "",
      "static/index.html": "<p>a stranger's page</p>",
      "experiments/01-typewriter/experiment.yml": "title: a stranger's", ".build/x": "", "a/b/x": "",
      "a/b/vl_convert.py": "open('\(mark.path)', 'w').write('x')",
    ]
    for (path, text) in files {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    for python in [".venv/bin/python", "a/b/.venv/bin/python"] {
      let file = folder.appendingPathComponent(python)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("#!/bin/sh\ntouch '\(mark.path)'\n".utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private var isMarked: Bool { FileManager.default.fileExists(atPath: mark.path) }

  private func run(
    _ arguments: [String], _ executable: String? = nil, environment: [String: String] = [:]
  ) async throws -> Command.Outcome {
    try await Command.run(executable ?? Command.pushlab, arguments, folder: inner, environment: environment)
  }

  /// The command, copied to where no checkout is.
  private func copied() throws -> String {
    let copy = inner.appendingPathComponent("pushlab").path
    try FileManager.default.copyItem(atPath: try Command.pushlab, toPath: copy)
    return copy
  }

  @Test func `doctor and report run no stranger's Python, nor a module that lies about`() async throws {
    #expect(try await run(["doctor"]).status == 0)
    #expect(!isMarked)
    let file = inner.appendingPathComponent("short.yml").path
    try CommandTests.experiment.write(toFile: file, atomically: true, encoding: .utf8)
    let out = inner.appendingPathComponent("out").path
    #expect(try await run(["run", file, "--quick", "--out", out]).status == 0)
    let report = try await run(["report", out, "--format", "html"])
    #expect(report.status == 0)
    #expect(report.output.contains("<!doctype html>"))
    #expect(!isMarked)
    // Nor does one that has no checkout of its own.
    let copy = try copied()
    #expect(try await run(["report", out, "--format", "html"], copy).status == 0)
    #expect(try await run(["doctor"], copy).status == 0)
    #expect(!isMarked)
  }

  @Test func `serve shows its own page`() async throws {
    let own = try Command.pushlab
    for executable in [own, try copied()] {
      let server = try ServedCommand(executable, in: inner)
      let page = try RawConnection(port: server.port)
      try page.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let response = try page.response()
      #expect(response.status == (executable == own ? 200 : 404))
      #expect(!"\(response)".contains("stranger"))
      let outcome = await server.stop()
      #expect(outcome.errors.contains("served without the page") == (executable != own))
    }
  }

  @Test func `list and run have the command's own experiments`() async throws {
    let list = try await run(["list"])
    #expect(list.status == 0)
    #expect(list.output.contains("01-typewriter") && list.output.contains("06-stop"))
    #expect(!list.output.contains("stranger"))
    let mistake = try await run(["run", "typewritr"])
    #expect(mistake.errors.contains("choose one of 00-same-twice, 01-typewriter"))
  }

  @Test(arguments: [["list"], ["run", "01-typewriter"], ["run", "typewriter"]])
  func `a command that was copied away says so where it needs a file`(_ arguments: [String]) async throws {
    let copy = try copied()
    let outcome = try await run(arguments, copy)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("'\(copy)' lies outside its checkout"))
    #expect(outcome.errors.contains("set PUSHLAB_PROJECT to the checkout's folder"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `a command that was copied away takes the folder it is told, and that alone`() async throws {
    let copy = try copied()
    let own = ["PUSHLAB_PROJECT": Command.project.path]
    #expect(try await run(["list"], copy, environment: own).output.contains("06-stop"))
    for wrong in ["", "/", "/proc/self"] {
      let outcome = try await run(["list"], copy, environment: ["PUSHLAB_PROJECT": wrong])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("PUSHLAB_PROJECT is '\(wrong)', which is no checkout of pushlab"))
    }
    #expect(try await run(["--help"], copy).output.contains("PUSHLAB_PROJECT"))
  }
}

/// A server of a command that is not the usual one, in a folder that is not.
private final class ServedCommand {
  let port: Int
  private let command: Command

  init(_ executable: String, in folder: URL) throws {
    command = try Command(executable, ["serve", "--port", "0"], folder: folder)
    port = try command.port()
  }

  func stop() async -> Command.Outcome {
    command.signal(SIGTERM)
    return await command.outcome()
  }
}
