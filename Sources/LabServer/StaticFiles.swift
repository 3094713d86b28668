import Foundation
import LWS

/// The files of one folder, read anew for each request, so that an edit shows at the next reload.
struct StaticFiles {
  /// Absolute, with symbolic links resolved; nil serves nothing.
  private let root: URL?

  init(folder: String?) {
    root = folder.map { URL(fileURLWithPath: $0, isDirectory: true).resolvingSymlinksInPath() }
  }

  /// The file at a request's path; nil if there is none. Hidden files, and whatever a symbolic link would
  /// reach outside the folder, are not there.
  func response(path: String) -> Response? {
    guard let root, !path.utf8.contains(0), !Self.isHidden(path) else { return nil }
    var file = path.split(separator: "/").reduce(root) { $0.appendingPathComponent(String($1)) }
    if path.hasSuffix("/") { file.appendPathComponent("index.html") }
    file.resolveSymlinksInPath()
    guard file.path.hasPrefix(root.path + "/"), !Self.isHidden(file.path.dropFirst(root.path.count)),
      let data = try? Data(contentsOf: file)
    else { return nil }
    return Response(
      head: ResponseHead(
        status: 200,
        fields: [("content-type", Self.mediaType(file.pathExtension)), ("cache-control", "no-cache")]
          + Self.protection),
      body: Array(data))
  }

  /// Whether a part of the path begins with a dot, which dot segments do too.
  private static func isHidden(_ path: some StringProtocol) -> Bool {
    path.split(separator: "/").contains { $0.hasPrefix(".") }
  }

  /// The page takes scripts, styles and answers from its own server alone (CSP Level 3), is shown in no other
  /// page's frame and used as no other's part (WHATWG Fetch, section 3.6).
  private static let protection = [
    (
      name: "content-security-policy",
      value:
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
  ]

  private static func mediaType(_ pathExtension: String) -> String {
    switch pathExtension {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "json": "application/json"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "txt", "md": "text/plain; charset=utf-8"
    default: "application/octet-stream"
    }
  }
}
