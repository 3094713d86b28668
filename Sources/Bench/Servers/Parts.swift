import Foundation
import Machine
import Wire

/// What can be said about why the bench cannot do something.
public struct BenchError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// The programs of the bench on this machine.
public struct Parts: Sendable {
  var floor: String
  var pushlab: String
  /// The project's `bench/peers`.
  var peers: String
  var python: String
  var nginx: (executable: String, module: String)?
  /// Those that can take part.
  public private(set) var servers: [Server] = [.floor, .pushlab]
  /// Why the others cannot.
  public private(set) var absent: [String] = []
  /// What they say of their versions.
  public private(set) var versions: [String] = []

  /// - Parameters:
  ///   - products: the folder of `floor` and `pushlab`.
  ///   - project: the folder of the project.
  public init(products: String, project: String) {
    floor = products + "/floor"
    pushlab = products + "/pushlab"
    peers = project + "/bench/peers"
    python = project + "/.venv/bin/python"
    findNginx()
    findPython(.flask, needs: ["flask"])
    findPython(.gunicorn, needs: ["flask", "gunicorn", "gevent"])
    findPython(.uvicorn, needs: ["uvicorn", "uvloop", "httptools", "sse-starlette"])
    findPython(.asgi, needs: ["uvicorn", "uvloop", "httptools"])
  }

  private mutating func findNginx() {
    let module = "/usr/lib/nginx/modules/ngx_nchan_module.so"
    guard FileManager.default.fileExists(atPath: module),
      let version = Self.output("/usr/sbin/nginx", ["-v"])
    else {
      absent.append(
        "Nchan was not measured: nginx and \(module) are not there; 'make bench-parts' installs them")
      return
    }
    nginx = ("/usr/sbin/nginx", module)
    servers.append(.nchan)
    let package = Self.output("dpkg-query", ["-W", "-f", "Nchan ${Version}", "libnginx-mod-nchan"])
    versions += [version.split(separator: " ").last.map { String($0) } ?? version, package ?? "Nchan"]
  }

  private mutating func findPython(_ server: Server, needs packages: [String]) {
    let found = packages.compactMap { name in version(ofPackage: name).map { "\(name) \($0)" } }
    guard found.count == packages.count else {
      absent.append("\(server.name) was not measured: it is not in .venv; 'make bench-parts' installs it")
      return
    }
    servers.append(server)
    versions += found.filter { !versions.contains($0) }
  }

  private func version(ofPackage name: String) -> String? {
    // Isolated: without -I Python would run modules that lie in the current folder.
    Self.output(
      python,
      ["-I", "-c", "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))", name]
    )
  }

  /// What a program says, if it ends well.
  private static func output(_ executable: String, _ arguments: [String]) -> String? {
    guard let process = try? ChildProcess(executable, arguments) else { return nil }
    try? process.input.close()
    let said = process.output.readDataToEndOfFile() + process.errors.readDataToEndOfFile()
    guard process.wait() == .exited(status: 0) else { return nil }
    return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Starts a server for a load.
  /// - Parameter folder: for its files; exists, and is the caller's to remove.
  func start(_ server: Server, _ load: Load, folder: URL) throws -> any Contestant {
    let payloads = folder.appendingPathComponent("payloads")
    try Data(load.payloads.flatMap { $0 + [UInt8(ascii: "\n")] }).write(to: payloads)
    return switch server {
    case .floor: try Floor(self, load, payloads: payloads)
    case .pushlab: try Pushlab(self, load)
    case .nchan: try Nchan(self, load, folder: folder)
    case .flask: try PythonServer(self, load, script: "flask_chat.py", payloads: payloads)
    case .gunicorn: try PythonServer(self, load, script: "gunicorn_chat.py", payloads: payloads)
    case .uvicorn: try PythonServer(self, load, script: "sse_starlette_chat.py", payloads: payloads)
    case .asgi: try PythonServer(self, load, script: "asgi_chat.py", payloads: payloads)
    }
  }
}
