import Foundation
import Machine

/// A certificate for one host, signed by an authority that exists for it alone: whoever trusts that trusts nobody else, and
/// nothing else of this machine trusts it.
enum EdgeCertificate {
  /// The certificate; its key, readable by its owner alone, has the same name and `.key`.
  static let name = "edge.pem"
  /// Who signed it.
  static let authority = "authority.pem"

  /// No run takes so long.
  private static let days = "30"

  /// Writes the certificate, its key and the authority's certificate. The authority's key is gone then, and signs nothing else.
  /// - Parameters:
  ///   - host: an IP address.
  ///   - folder: nobody else's.
  /// - Throws: `EdgeError`.
  static func make(for host: String, in folder: URL) throws(EdgeError) {
    guard let program = InstalledProgram.path(of: "openssl") else { throw .missing(program: "openssl") }
    let key = folder.appendingPathComponent("authority.key").path
    let signer = folder.appendingPathComponent(authority).path
    defer { try? FileManager.default.removeItem(atPath: key) }
    let request = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", days,
    ]
    let edge = folder.appendingPathComponent(name).path
    let commands = [
      ["-subj", "/CN=pushlab authority of one run", "-keyout", key, "-out", signer],
      [
        "-subj", "/CN=pushlab edge", "-keyout", edge + ".key", "-out", edge, "-CA", signer, "-CAkey", key,
        "-addext", "subjectAltName=IP:\(host),DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE",
      ],
    ]
    for words in commands { try run(program, request + words) }
  }

  private static func run(_ program: String, _ arguments: [String]) throws(EdgeError) {
    let said: String
    do {
      let process = try ChildProcess(program, arguments)
      try? process.input.close()
      let errors = try process.errors.readToEnd() ?? Data()
      if process.wait() == .exited(status: 0) { return }
      said = String(decoding: errors, as: UTF8.self)
    } catch {
      said = "\(error)"
    }
    throw .certificate(said)
  }
}
