import Foundation
import Machine

/// What no package brings.
enum ThisMachine {
  /// Whether its kernel lets anybody make a link.
  static let makesLinks = {
    let ways = [["--net", "true"], ["--user", "--map-root-user", "--net", "true"]]
    let may = ways.contains { way in
      (try? ChildProcess("unshare", way, errors: .nothing))?.wait() == .exited(status: 0)
    }
    return may && access("/dev/net/tun", R_OK | W_OK) == 0
  }()
}
