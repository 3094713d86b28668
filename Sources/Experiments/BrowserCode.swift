import Foundation
import Readings

/// How much a page's author has to write for a transport: the lines of the browser demo's own file for it.
struct BrowserCode {
  /// The demo's folder; nil where it was not found.
  let folder: String?

  /// Lines that are neither blank nor comments, nor what the file says of itself to the page; nil where there is no such file.
  func lines(of variant: Variant) -> Int? {
    let kind = variant.recovery == .naive ? "naive" : "transports"
    guard let folder,
      let text = try? String(
        contentsOfFile: "\(folder)/\(kind)/\(variant.transport.name).js", encoding: .utf8)
    else { return nil }
    return text.split(separator: "\n").count { line in
      let code = line.trimmingCharacters(in: .whitespaces)
      return !code.isEmpty && !["//", "/*", "*", "export const about"].contains { code.hasPrefix($0) }
    }
  }
}
