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
    guard let root, !path.utf8.contains(0) else { return nil }
    let parts = path.split(separator: "/")
    guard !parts.contains(where: { $0.hasPrefix(".") }) else { return nil }
    var file = parts.reduce(root) { $0.appendingPathComponent(String($1)) }
    if path.hasSuffix("/") { file.appendPathComponent("index.html") }
    file.resolveSymlinksInPath()
    guard file.path.hasPrefix(root.path + "/"), let data = try? Data(contentsOf: file) else { return nil }
    return Response(
      head: ResponseHead(
        status: 200,
        fields: [
          ("content-type", Self.mediaType(file.pathExtension)), ("cache-control", "no-cache"),
          ("x-content-type-options", "nosniff"),
        ]),
      body: Array(data))
  }

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
