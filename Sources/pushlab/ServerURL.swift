import ArgumentParser
import Foundation
import LabClient
import Wire

extension ServerAddress {
  /// A server as its URL names it, with the access token of the environment.
  /// - Parameters:
  ///   - url: such as `https://lab.example`, with nothing behind host and port.
  ///   - authority: the file of a certificate to trust in place of those that the system does.
  /// - Throws: `ValidationError`.
  init(url: String, authority: String?) throws {
    guard URLComponents(string: url)?.user == nil else {
      throw ValidationError(
        "--server takes no name and password in its URL: they are shown in too many places")
    }
    guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
      let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
      (1...65_535).contains(parts.port ?? 80), ["", "/"].contains(parts.path), parts.query == nil,
      parts.fragment == nil, parts.user == nil
    else {
      throw ValidationError(
        "--server takes the URL of a server, such as http://lab.example:8080 with nothing behind it, not '\(url)'"
      )
    }
    if let authority, !Self.isFile(authority) || !FileManager.default.isReadableFile(atPath: authority) {
      throw ValidationError("--authority takes the file of a certificate, and '\(authority)' cannot be read")
    }
    do throws(ReadError) {
      try authority.map { Trust.authority(file: $0) }?.check()
    } catch {
      throw ValidationError(
        "--authority takes the file of a certificate, and '\(authority ?? "")' is none: \(error)")
    }
    let trust: Trust? = scheme == "https" ? authority.map { .authority(file: $0) } ?? .system : nil
    self.init(
      host: host, port: parts.port ?? (trust == nil ? 80 : 443), token: try Self.tokenToShow, trust: trust)
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  /// The access token that this machine's user has set for requests.
  /// - Throws: `ValidationError` where no field could carry it.
  static var tokenToShow: String? {
    get throws {
      guard let token = ProcessInfo.processInfo.environment["PUSHLAB_TOKEN"] else { return nil }
      guard token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        throw ValidationError("PUSHLAB_TOKEN takes printable characters of ASCII, no spaces")
      }
      return token
    }
  }
}
