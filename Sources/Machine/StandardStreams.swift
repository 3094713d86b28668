import Glibc

/// The three streams that a command is started with.
public enum StandardStreams {
  /// To be called before anything else is done.
  ///
  /// A closed pipe and a file at its size limit then fail a write instead of ending the process in its midst. A
  /// stream that whoever started the command closed is opened so that using it fails: its number would go to the
  /// next file or connection, which would get the text.
  public static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // It takes the lowest number that is free, which is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all bytes, with no buffer whose rest could fail unnoticed at the end.
  /// - Returns: 0, or the `errno` that kept the rest from being written.
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          // Whoever shares the stream wants never to wait for it; a command does.
          var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&room, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}

/// Where a command's answer goes.
public enum StandardOutput {
  public static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes the whole text at once.
  public static func write(_ text: String) throws(OutputError) {
    let code = StandardStreams.write(text, to: STDOUT_FILENO)
    if code != 0 { throw OutputError(code: code) }
  }
}

/// Where a command says what is beside its answer.
public enum StandardError {
  public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes the whole text at once. Where that fails, there is nobody left to tell.
  public static func write(_ text: String) {
    _ = StandardStreams.write(text, to: STDERR_FILENO)
  }
}

/// Standard output does not take what is written to it.
public struct OutputError: Error, CustomStringConvertible, Equatable {
  /// An `errno`.
  public var code: Int32

  public init(code: Int32) {
    self.code = code
  }

  /// Whoever read it has seen enough, such as `head`: no mistake, and nothing to be said.
  public var isClosedPipe: Bool { code == EPIPE }

  public var description: String {
    "standard output cannot be written: \(String(cString: strerror(code)))"
  }

  /// Ends the process as SIGPIPE would have ended it (POSIX, `write`): without a word, and for a shell to see that
  /// asks for it (`set -o pipefail`).
  public static func endByClosedPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    // Whoever started the command may have blocked the signal.
    _exit(128 + SIGPIPE)
  }
}
