import ArgumentParser
import CKernel
import Foundation
import LWS
import LabServer
import LinkedNetworks
import Links
import Machine

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves token streams over every transport, and the browser demo, on one port.")

  @Option(help: "The address to listen on. Non-loopback addresses require an access token.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes any free one.")
  var port = 8080

  // Taken as it comes, so that one that begins with a dash is not complained about by its letters.
  @Option(
    parsing: .unconditional,
    help: """
      The access token that requests must carry, at least 16 characters. The environment variable PUSHLAB_TOKEN \
      sets it too, and does not appear in the list of processes.
      """)
  var token: String?

  @Option(
    name: .customLong("allow-origin"),
    help: ArgumentHelp(
      "Lets pages of this origin use the server, such as https://app.example; may be repeated.",
      valueName: "origin"))
  var origins: [String] = []

  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp(
      "A host name of this server besides localhost, such as a proxy's; may be repeated.", valueName: "name"))
  var hosts: [String] = []

  @Option(name: .customLong("static"), help: "The folder of the browser demo's files.")
  var staticFolder: String?

  @Flag(help: "Lets the page cut, stall and inspect readers' connections; on loopback only.")
  var faults = false

  @Option(
    help: ArgumentHelp(
      """
      Puts a link between the page and the server: \(LinkProfile.allCases.map(\.rawValue).joined(separator: ", ")). The page \
      can change it; on loopback only.
      """, valueName: "profile"))
  var network: LinkProfile?

  @OptionGroup(title: "Sending")
  var sending: SendingOptions

  @OptionGroup(title: "Source")
  var source: SourceOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @Flag(help: .hidden)
  var stopAtEndOfInput = false

  /// Nobody reaches the address but over a link of the lab's own.
  @Flag(help: .hidden)
  var behindLink = false

  /// Fewer than a few browsers open are told.
  private static let fewConnections = 200

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port takes a number from 0 to 65535")
    }
    guard !faults || isOnLoopback else {
      throw ValidationError(
        "--faults lets anyone cut anyone's connection, so it works on the loopback interface only: leave --host out"
      )
    }
    guard network == nil || isOnLoopback else {
      throw ValidationError(
        "--network lets anyone change everyone's link, so it works on the loopback interface only: leave --host out"
      )
    }
    if let tokens = sending.batchTokens, tokens >= limits.maxLag {
      throw ValidationError("--batch-tokens must be less than --max-lag, which is \(limits.maxLag)")
    }
    if let staticFolder, !Self.isFolder(staticFolder) {
      throw ValidationError("--static takes a folder, and '\(staticFolder)' is not one")
    }
    do throws(AccessMistake) {
      _ = try access
    } catch {
      throw ValidationError(error.description)
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private var isOnLoopback: Bool { host == "localhost" || host == "::1" || host.starts(with: "127.") }

  private var address: String { host == "localhost" ? "127.0.0.1" : host }

  /// An empty variable is a mistake rather than no token: whoever set it wanted one.
  private var access: Access {
    get throws(AccessMistake) {
      try Access(
        listeningOn: behindLink ? "127.0.0.1" : address,
        token: token ?? ProcessInfo.processInfo.environment["PUSHLAB_TOKEN"],
        origins: origins, hosts: hosts + (behindLink ? [address] : []))
    }
  }

  private var serverLimits: LabServer.Limits {
    var limits = limits.limits
    sending.apply(to: &limits)
    return limits
  }

  func run() throws {
    // One heap, since one thread does nearly all: the heap of a further thread grows by the page, a system call each.
    ckernel_use_one_heap()
    let host = address
    let access = try access
    let folder = staticFolder ?? ProjectFolder.page
    let limits = serverLimits
    let takesFaults = faults
    if network != nil { try LinkRights.take() }
    let source = try source.answers()
    let served = try network.map { try ServedNetwork($0, host: host, port: port) }
    try served?.enter()
    let configuration = ServerConfiguration(
      host: served == nil ? host : Link.serverHost, port: served == nil ? port : ServedNetwork.serverPort,
      limits: limits.connection, name: "pushlab")
    let server: Server<Lab>
    do throws(ServerError) {
      server = try Server(configuration) { loop in
        Lab(
          loop: loop, source: source, limits: limits, access: access, staticFolder: folder,
          takesFaults: takesFaults, network: served)
      }
    } catch {
      throw NotServing(error)
    }
    StopSignals.take()
    if stopAtEndOfInput {
      // Ctrl-C reaches the parent too, which stops this process when it is done with it.
      signal(SIGINT, SIG_IGN)
      StopSignals.takeEndOfInput()
    }
    if server.mostConnections < min(configuration.limits.connections, Self.fewConnections) {
      StandardError.write(
        "pushlab: the limit on open files leaves room for only \(server.mostConnections) connections: raise it, "
          + "such as with 'ulimit -n 20000'\n")
    }
    let shownHost = host.contains(":") ? "[\(host)]" : host
    try StandardOutput.write("listening on http://\(shownHost):\(served?.door.port ?? server.port)\n")
    StopSignals.wait()
    server.stop()
    served?.stop()
  }
}
