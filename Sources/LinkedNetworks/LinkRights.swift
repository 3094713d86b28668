import Foundation
import Machine

/// The right to make networks.
public enum LinkRights {
  /// Where this process may not make networks itself, begins its program anew as the root of a namespace of users of its own,
  /// who owns what it owned before and nothing else (user_namespaces(7)). To be called before anything was begun.
  /// - Throws: `NetworkError.namespace` where the system lets it do neither.
  public static func take() throws(NetworkError) {
    if succeeds(["--net", "true"]) { return }
    let asRoot = ["--user", "--map-root-user"]
    guard succeeds(asRoot + ["--net", "true"]),
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { throw .namespace(EPERM) }
    var words =
      (["unshare"] + asRoot + [program] + CommandLine.arguments.dropFirst()).map { strdup($0) } + [nil]
    execvp("unshare", &words)
    throw .namespace(errno)
  }

  private static func succeeds(_ arguments: [String]) -> Bool {
    let process = try? ChildProcess("unshare", arguments, errors: .nothing)
    return process?.wait() == .exited(status: 0)
  }
}
