import Foundation
import LabServer
import Testing

/// The files of the page, and that no path leads out of their folder.
@Suite struct StaticFileTests {
  @Test func `files say what a browser may do with them`() async throws {
    let folder = Command.project.appendingPathComponent("static").path
    try await withLab(staticFolder: folder) { lab in
      for path in ["/", "/index.html", "/main.js", "/lab.css", "/transports/websocket.js"] {
        let answer = try lab.request("GET", path)
        #expect(answer.status == 200)
        #expect(
          answer["content-security-policy"]
            == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        #expect(answer["x-content-type-options"] == "nosniff")
        #expect(answer["referrer-policy"] == "no-referrer")
        #expect(answer["cross-origin-resource-policy"] == "same-origin")
      }
    }
  }

  /// A folder to serve with a file beside it that nobody may get, and links that lead there.
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? manager.removeItem(at: folder) }
    let root = folder.appendingPathComponent("static")
    try manager.createDirectory(at: root.appendingPathComponent("sub"), withIntermediateDirectories: true)
    try manager.createDirectory(
      at: folder.appendingPathComponent("static-too"), withIntermediateDirectories: true)
    for name in [
      "static/index.html", "static/sub/a.js", "static/.hidden", "static/sub/.hidden", "secret.txt",
      "static-too/secret.txt",
    ] {
      try Data("the file \(name)".utf8).write(to: folder.appendingPathComponent(name))
    }
    for (link, target) in [
      ("way-out", "../secret.txt"), ("way-up", ".."), ("root", "/"), ("neighbour", "../static-too"),
      ("by-another-name", ".hidden"), ("sub/inside", "../index.html"),
    ] {
      try manager.createSymbolicLink(
        atPath: root.appendingPathComponent(link).path, withDestinationPath: target)
    }
    try await body(root.path)
  }

  static let waysOut = [
    "/../secret.txt", "/sub/../../secret.txt", "/..", "/../", "/sub/../../../../../../etc/passwd",
    "/%2e%2e/secret.txt", "/%2E%2E/secret.txt", "/.%2e/secret.txt", "/%2e./secret.txt", "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt", "/sub/%2e%2e/%2e%2e/secret.txt", "/%252e%252e/secret.txt",
    "/%252e%252e%252fsecret.txt",
    "/..%252fsecret.txt", "/%25252e%25252e/secret.txt", "/..\\secret.txt", "/..%5csecret.txt",
    "/%2e%2e%5csecret.txt",
    "/sub\\..\\..\\secret.txt", "/..%c0%afsecret.txt", "/%c0%ae%c0%ae/secret.txt", "/%e0%80%ae./secret.txt",
    "/....//secret.txt", "/..;/secret.txt", "/sub/..;/..;/secret.txt", "/..%00/secret.txt",
    "/..%3f/secret.txt",
    "//../secret.txt", "///etc/passwd", "//etc/passwd", "/%2fetc/passwd", "/%2f%2fetc%2fpasswd",
    "/~root/.profile",
    "/file:///etc/passwd", "/way-out", "/way-out/", "/way-up/secret.txt", "/root/etc/passwd",
    "/neighbour/secret.txt", "/.hidden", "/sub/.hidden", "/%2ehidden", "/./.hidden", "/sub/%2e/.hidden",
    "/by-another-name", "/sub/..%2f.hidden", "/index.html%00.txt", "/secret.txt%00", "/sub", "/sub/",
    "/index.html/", "/proc/self/environ",
  ]

  @Test(arguments: waysOut)
  func `no path leaves the folder`(_ path: String) async throws {
    try await withFolder { folder in
      try await withLab(staticFolder: folder) { lab in
        let connection = try RawConnection(port: lab.port)
        try connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        let answer = try connection.receiveToEnd()
        // Some of these libwebsockets resolves itself, and never above its root; some it hangs up on.
        let isInside = answer.hasSuffix("the file static/index.html")
        #expect(
          isInside
            || ["", "HTTP/1.0 403", "HTTP/1.1 400", "HTTP/1.1 403", "HTTP/1.1 404"].contains(
              answer.prefix(12))
        )
        for text in ["secret", ".hidden", "root:", "PATH="] { #expect(!answer.contains(text)) }
      }
    }
  }

  @Test func `a link that stays inside is followed`() async throws {
    try await withFolder { folder in
      try await withLab(staticFolder: folder) { lab in
        let bodies = [try lab.request("GET", "/sub/inside").body, try lab.request("GET", "/sub/a.js").body]
        #expect(bodies == ["the file static/index.html", "the file static/sub/a.js"])
      }
    }
  }
}
