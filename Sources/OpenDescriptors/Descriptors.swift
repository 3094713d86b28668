import Glibc

/// The descriptors that this process may have open.
public enum Descriptors {
  /// How many are kept free of connections, for files, timers and connections on their way out.
  ///
  /// Not only for what this project opens: Dispatch (Swift 6.3) looks into a file of `/proc` for what its threads
  /// do, and ends the process where it cannot be opened.
  public static let reserve = 96

  /// With fewer a program that reads streams, or starts a server, does not get far enough to say what it lacks.
  public static let fewest = reserve + 32

  /// How many there may be.
  public static var limit: Int { Int(clamping: limits.rlim_cur) }

  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

  private static var limits: rlimit {
    var limits = rlimit()
    getrlimit(resource, &limits)
    return limits
  }

  /// Raises the limit, of this process and of those it starts, as far as the system allows.
  /// - Returns: how many there may be then.
  @discardableResult public static func raiseLimit(to count: Int) -> Int {
    var limits = limits
    limits.rlim_cur = max(limits.rlim_cur, min(limits.rlim_max, rlim_t(count)))
    setrlimit(resource, &limits)
    return limit
  }

  /// Whether a connection more leaves the reserve free: the kernel gives the lowest number that nobody has.
  public static var haveRoom: Bool {
    let probe = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard probe >= 0 else { return false }
    close(probe)
    return Int(probe) < limit - reserve
  }

  /// What to do where there are too few for many readers.
  public static let advice = "'ulimit -n 20000' allows more"

  /// What the system says of an error, and what to do where too few descriptors are the reason.
  /// - Parameter code: an `errno`.
  public static func words(for code: CInt) -> String {
    String(cString: strerror(code)) + (code == EMFILE ? "; \(advice)" : "")
  }
}
