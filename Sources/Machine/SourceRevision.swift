import Foundation

/// Which sources a command was built from.
public struct SourceRevision: Sendable, Codable, Hashable {
  /// The commit's full name.
  public var commit: String
  /// Whether the sources differed from it.
  public var hasChanges: Bool

  /// Read from what `make build` left beside the executable.
  /// - Parameter executable: its path; a link is followed.
  /// - Returns: nil where nothing was left, or where the executable was built anew since.
  public init?(ofBuild executable: String) {
    let file = URL(fileURLWithPath: executable).resolvingSymlinksInPath()
    let note = file.deletingLastPathComponent().appendingPathComponent("pushlab.revision")
    guard let built = Self.changed(file), let noted = Self.changed(note), built <= noted,
      let words = try? String(contentsOf: note, encoding: .utf8).split(whereSeparator: \.isWhitespace),
      let commit = words.first, commit.count == 40, commit.allSatisfy(\.isHexDigit)
    else { return nil }
    self.commit = String(commit)
    hasChanges = words.count > 1
  }

  private static func changed(_ file: URL) -> Date? {
    try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
  }
}
