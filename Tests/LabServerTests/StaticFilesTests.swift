import Foundation
import Testing

@testable import LabServer

@Suite struct StaticFilesTests {
  private let folder: URL
  private let files: StaticFiles

  init() throws {
    let manager = FileManager.default
    folder = manager.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let root = folder.appendingPathComponent("static")
    try manager.createDirectory(at: root.appendingPathComponent("sub"), withIntermediateDirectories: true)
    for name in ["static/index.html", "static/a.js", "static/sub/b.css", "static/.hidden", "secret.txt"] {
      try Data(name.utf8).write(to: folder.appendingPathComponent(name))
    }
    try manager.createSymbolicLink(
      at: root.appendingPathComponent("way-out"),
      withDestinationURL: folder.appendingPathComponent("secret.txt"))
    files = StaticFiles(folder: root.path)
  }

  private func cleanUp() {
    try? FileManager.default.removeItem(at: folder)
  }

  @Test func `files come with their media types`() {
    defer { cleanUp() }
    #expect(files.response(path: "/").map { String(decoding: $0.body, as: UTF8.self) } == "static/index.html")
    #expect(files.response(path: "/index.html")?.head["content-type"] == "text/html; charset=utf-8")
    #expect(files.response(path: "/a.js")?.head["content-type"] == "text/javascript; charset=utf-8")
    #expect(files.response(path: "/sub/b.css")?.head["content-type"] == "text/css; charset=utf-8")
  }

  @Test(arguments: [
    "/../secret.txt", "/sub/../../secret.txt", "/way-out", "/.hidden", "/sub", "/sub/", "/none", "/a.js/",
    "/a.js\0",
    "//", "/./a.js",
  ])
  func `what lies elsewhere is not there`(_ path: String) {
    defer { cleanUp() }
    let response = files.response(path: path)
    #expect(response == nil || path == "//")
  }

  @Test func `without a folder there is nothing`() {
    defer { cleanUp() }
    #expect(StaticFiles(folder: nil).response(path: "/") == nil)
  }
}
