import Foundation
import Machine
import Synchronization
import Testing

/// Counted by a signal handler, which may touch nothing but such a number.
private let interruptions = Atomic(0)

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

  @Test func `one that somebody else waited for is gone, and how it ended is unknown`() throws {
    let child = try ChildProcess("sh", ["-c", "exit 3"])
    var status: Int32 = 0
    #expect(waitpid(child.processIdentifier, &status, 0) == child.processIdentifier)
    #expect(!child.isRunning)
    #expect(child.wait() == .unknown)
  }

  @Test func `who waits for one that somebody else has waited for is told at once`() throws {
    let child = try ChildProcess("sh", ["-c", "exit 3"])
    var status: Int32 = 0
    #expect(waitpid(child.processIdentifier, &status, 0) == child.processIdentifier)
    // Nobody is sent a signal in its place.
    #expect(child.wait() == .unknown)
    child.signal(SIGKILL)
    #expect(child.wait() == .unknown)
  }

  @Test func `a signal that interrupts the waiting does not end it`() throws {
    var action = sigaction()
    var before = sigaction()
    // The number is made before a signal can ask for it.
    interruptions.store(0, ordering: .relaxed)
    // Without SA_RESTART, so that waitpid is interrupted.
    action.__sigaction_handler.sa_handler = { _ in interruptions.add(1, ordering: .relaxed) }
    sigaction(SIGUSR2, &action, &before)
    // The threads that tests run on take no signals.
    var wanted = sigset_t()
    var taken = sigset_t()
    sigemptyset(&wanted)
    sigaddset(&wanted, SIGUSR2)
    pthread_sigmask(SIG_UNBLOCK, &wanted, &taken)
    defer {
      pthread_sigmask(SIG_SETMASK, &taken, nil)
      sigaction(SIGUSR2, &before, nil)
    }
    let child = try ChildProcess("sh", ["-c", "read line; exit 7"])
    let input = child.input
    let waiting = pthread_self()
    let thread = Thread {
      for _ in 0..<20 {
        pthread_kill(waiting, SIGUSR2)
        usleep(2_000)
      }
      try? input.close()
    }
    thread.start()
    #expect(child.wait() == .exited(status: 7))
    while !thread.isFinished { sched_yield() }
    #expect(interruptions.load(ordering: .relaxed) > 0)
  }
}
