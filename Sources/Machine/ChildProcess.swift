import CKernel
import Foundation

/// A program in a process of its own, that is stopped and waited for with its owner.
///
/// It inherits nothing but its three standard streams, and is in a process group of its own: an interrupt typed
/// at the terminal reaches it only if the parent passes it on.
///
/// Foundation's `Process` (Swift 6.3) counts the open descriptors with a copy that may read past its buffer, and
/// crashes now and then where there are thousands; swift-subprocess ties a process to a scope, which servers that
/// are killed and started anew do not fit.
public final class ChildProcess {
  public enum Ending: Equatable, Sendable {
    case exited(status: Int32)
    case signalled(Int32)
    /// It is gone, and the system does not say how: somebody else waited for it, or this process was started with
    /// `SIGCHLD` ignored, so that the system keeps no account of its children.
    case unknown
  }

  /// What its standard error is connected to.
  public enum Errors: Sendable {
    case pipe, nothing
  }

  public struct StartError: Error, CustomStringConvertible {
    public var executable: String
    /// An `errno`.
    public var code: Int32
    public var description: String { "\(executable) cannot be started: \(String(cString: strerror(code)))" }
  }

  public let processIdentifier: Int32
  /// The end to write to; closed, the program sees the end of its input.
  public let input: FileHandle
  /// The end to read from.
  public let output: FileHandle
  /// The end to read from, at its end from the start if errors go nowhere.
  public let errors: FileHandle
  private var ending: Ending?

  /// - Parameters:
  ///   - executable: a path, or a name that is looked for in `PATH`.
  ///   - environment: all its variables; nil passes on this process's own.
  ///   - folder: where it starts; nil is this process's own.
  public init(
    _ executable: String, _ arguments: [String], environment: [String: String]? = nil, folder: String? = nil,
    errors: Errors = .pipe
  ) throws(StartError) {
    let pipes = (input: Pipe(), output: Pipe(), errors: Pipe())
    let streams = [
      pipes.input.fileHandleForReading.fileDescriptor, pipes.output.fileHandleForWriting.fileDescriptor,
      errors == .pipe ? pipes.errors.fileHandleForWriting.fileDescriptor : -1,
    ]
    let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
    var words = ([executable] + arguments).map { strdup($0) } + [nil]
    var settings = variables.map { strdup($0) } + [nil]
    defer { for word in words + settings { free(word) } }
    var process: Int32 = 0
    let code = ckernel_spawn(executable, &words, &settings, folder, streams, &process)
    guard code == 0 else { throw StartError(executable: executable, code: code) }
    processIdentifier = process
    // The child has its own copies: with these open, the ends of its streams would never be seen.
    try? pipes.input.fileHandleForReading.close()
    try? pipes.output.fileHandleForWriting.close()
    try? pipes.errors.fileHandleForWriting.close()
    (input, output) = (pipes.input.fileHandleForWriting, pipes.output.fileHandleForReading)
    self.errors = pipes.errors.fileHandleForReading
  }

  deinit {
    if isRunning { signal(SIGKILL) }
    _ = wait()
  }

  public var isRunning: Bool {
    if ending == nil { look(WNOHANG) }
    return ending == nil
  }

  /// Sends a signal. Nothing happens to a process that has been waited for.
  public func signal(_ number: Int32) {
    if ending == nil { kill(processIdentifier, number) }
  }

  /// Waits for its end.
  @discardableResult public func wait() -> Ending {
    if ending == nil { look(0) }
    // Without WNOHANG a look either sees the end or finds no child.
    return ending ?? .unknown
  }

  private func look(_ options: Int32) {
    var status: Int32 = 0
    var found: Int32
    repeat { found = waitpid(processIdentifier, &status, options) } while found < 0 && errno == EINTR
    guard found != 0 else { return }
    guard found == processIdentifier else {
      ending = .unknown
      return
    }
    // As <bits/waitstatus.h> has it: the low seven bits are the signal, the next eight of the upper byte the status.
    let number = status & 0x7f
    ending = number == 0 ? .exited(status: (status >> 8) & 0xff) : .signalled(number)
  }
}
