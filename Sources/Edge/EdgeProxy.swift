import Foundation
import Machine

/// A proxy in a process of its own, with a configuration and a folder of its own, which is gone with it.
public final class EdgeProxy {
  public let proxy: Proxy
  public let port: Int
  /// Where it speaks TLS if it does, with HTTP/2 for those that offer it; its certificate is signed by `authority`.
  public let securePort: Int
  private let process: ChildProcess
  private let folder: URL

  /// Starts it. It listens a moment later.
  /// - Parameters:
  ///   - templates: the folder of the configurations.
  ///   - host: where it listens, an IP address.
  ///   - originHost: where the server is, an IP address too; where the proxy listens, if left out.
  ///   - originPort: where the server listens, in the clear.
  ///   - launcher: the program that starts it and becomes it, with its arguments; none starts it as it is.
  /// - Throws: `EdgeError`.
  public init(
    _ proxy: Proxy, templates: String, host: String, originHost: String? = nil, originPort: Int,
    launcher: [String] = []
  ) throws(EdgeError) {
    guard let program = Self.path(of: proxy, templates) else { throw .missing(program: proxy.program) }
    self.proxy = proxy
    do {
      let ports = try LoopbackInterface.freePorts(2)
      (port, securePort) = (ports[0], ports[1])
      folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "pushlab-\(proxy.rawValue)-\(UUID().uuidString)", isDirectory: true)
      // What a proxy keeps of readers' requests is nobody else's to read.
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .configuration(proxy, "\(error)")
    }
    do {
      let file = folder.appendingPathComponent(proxy.file)
      let origin = originHost ?? host
      let values = [
        "folder": folder.path, "file": file.path, "host": host,
        "address": "\(host):\(port)", "port": "\(port)",
        "secure": "\(host):\(securePort)", "secure-port": "\(securePort)",
        "origin": "\(origin.contains(":") ? "[\(origin)]" : origin):\(originPort)",
        "origin-host": origin, "origin-port": "\(originPort)",
      ]
      func filled(_ text: String) -> String {
        values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
      }
      try EdgeCertificate.make(for: host, in: folder)
      let template = try String(contentsOfFile: "\(templates)/\(proxy.file)", encoding: .utf8)
      try filled(template).write(to: file, atomically: true, encoding: .utf8)
      let words = Self.guardian(folder) + launcher + [program] + proxy.arguments.map(filled)
      process = try ChildProcess(words[0], Array(words.dropFirst()), environment: Self.environment(folder))
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw error as? EdgeError ?? .configuration(proxy, "\(error)")
    }
  }

  deinit { stop() }

  /// The file of the certificate to trust.
  public var authority: String { folder.appendingPathComponent(EdgeCertificate.authority).path }

  public var processIdentifier: Int32 { process.processIdentifier }

  /// Why it does not serve, once; nil as long as it runs.
  public var failure: EdgeError? {
    guard !process.isRunning else { return nil }
    let said = String(decoding: process.errors.readDataToEndOfFile(), as: UTF8.self)
    // What ends it stands last.
    return .notServing(proxy, said.split(separator: "\n").last.map(String.init) ?? "")
  }

  /// Ends it, and waits until it is gone with what it wrote.
  public func stop() {
    process.signal(SIGTERM)
    process.wait()
    try? process.input.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// pip puts Envoy into the project's own environment.
  private static func path(of proxy: Proxy, _ templates: String) -> String? {
    let own = "\(templates)/../../.venv/bin/\(proxy.executable)"
    let isThere = FileManager.default.isExecutableFile(atPath: own)
    return isThere ? own : InstalledProgram.path(of: proxy.executable)
  }

  /// Becomes the program, whose process group is killed and whose folder is removed when this process is gone, however it
  /// went: then its standard input ends.
  private static func guardian(_ folder: URL) -> [String] {
    let script = #"""
      exec 3<&0 </dev/null
      folder=$1; shift
      ( (cat <&3; rm -rf "$folder"; kill -KILL 0) >/dev/null 2>&1 & )
      exec "$@" 3<&-
      """#
    return ["/bin/sh", "-c", script, "sh", folder.path]
  }

  /// Caddy keeps things at home.
  private static func environment(_ folder: URL) -> [String: String] {
    ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin", "HOME": folder.path]
  }
}
