import Foundation
import Processes
import Testing

@Suite struct ChildProcessTests {
  private func read(_ handle: FileHandle) -> String {
    String(decoding: handle.readDataToEndOfFile(), as: UTF8.self)
  }

  @Test func `what it writes is read, and how it ended is told`() throws {
    let child = try ChildProcess("sh", ["-c", "cat; echo oh >&2; exit 3"])
    try child.input.write(contentsOf: Data("hello".utf8))
    try child.input.close()
    #expect(read(child.output) == "hello")
    #expect(read(child.errors) == "oh\n")
    #expect(child.wait() == .exited(status: 3))
    #expect(!child.isRunning)
    #expect(child.wait() == .exited(status: 3))
  }

  @Test func `a signal ends it`() throws {
    let child = try ChildProcess("cat", [])
    #expect(child.isRunning)
    child.signal(SIGTERM)
    #expect(child.wait() == .signalled(SIGTERM))
  }

  @Test func `it is gone with its owner`() throws {
    var child: ChildProcess? = try ChildProcess("cat", [])
    let number = try #require(child).processIdentifier
    child = nil
    #expect(kill(number, 0) == -1)
  }

  @Test func `it has the variables, the folder and the streams it was given, and nothing else`() throws {
    let shell = "echo $PUSHLAB_TEST$HOME; pwd; ls /proc/self/fd | wc -l; readlink /proc/self/fd/2"
    let child = try ChildProcess(
      "/bin/sh", ["-c", shell], environment: ["PUSHLAB_TEST": "yes", "PATH": "/usr/bin:/bin"], folder: "/",
      errors: .nothing)
    // Three streams, and the folder that ls itself reads.
    #expect(read(child.output) == "yes\n/\n4\n/dev/null\n")
    #expect(read(child.errors) == "")
    #expect(child.wait() == .exited(status: 0))
  }

  @Test func `what cannot be started is said`() {
    let error = #expect(throws: ChildProcess.StartError.self) { try ChildProcess("/no/such/program", []) }
    #expect(error?.description == "/no/such/program cannot be started: No such file or directory")
  }
}
