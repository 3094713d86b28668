import Foundation

/// Programs of this machine.
public enum InstalledProgram {
  /// - Returns: its path, or nil where it is not installed.
  public static func path(of name: String) -> String? {
    let named: [Substring] = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    // Debian puts servers where users' shells do not look.
    let folders = named + ["/usr/sbin", "/usr/local/sbin"]
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
