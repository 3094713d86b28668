import Foundation
import Machine
import Testing

@Suite final class SourceRevisionTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("revision-\(UUID())")
  private let commit = String(repeating: "0a", count: 20)

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func write(_ name: String, _ text: String, at seconds: Double) throws {
    let file = folder.appendingPathComponent(name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: file.path)
  }

  private var revision: SourceRevision? {
    SourceRevision(ofBuild: folder.appendingPathComponent("pushlab").path)
  }

  @Test func `the commit, and whether the sources differed from it`() throws {
    try write("pushlab", "", at: 1_000)
    try write("pushlab.revision", commit + "\n", at: 1_001)
    #expect(revision?.commit == commit && revision?.hasChanges == false)
    try write("pushlab.revision", commit + "\nchanged\n", at: 1_001)
    #expect(revision?.hasChanges == true)
  }

  @Test func `a command that was built anew since is of no known revision`() throws {
    try write("pushlab", "", at: 1_002)
    try write("pushlab.revision", commit + "\n", at: 1_001)
    #expect(revision == nil)
  }

  @Test(arguments: ["", "fatal: not a git repository", "0a0a"])
  func `what is no commit is none`(_ text: String) throws {
    try write("pushlab", "", at: 1_000)
    #expect(revision == nil)
    try write("pushlab.revision", text, at: 1_001)
    #expect(revision == nil)
  }
}
