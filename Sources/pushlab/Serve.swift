import ArgumentParser
import Foundation
import LWS
import LabServer

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves token streams over all four transports, and the browser demo, on one port.")

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes any free one.")
  var port = 8080

  @Option(
    help: "What libwebsockets waits with: \(EventLoop.allCases.map(\.rawValue).joined(separator: ", ")).")
  var eventLoop = EventLoop.poll

  @Option(name: .customLong("static"), help: "The folder of the browser demo's files.")
  var staticFolder: String?

  @Flag(help: "Lets the page cut and stall readers' connections, and look into them; on loopback only.")
  var faults = false

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  @Flag(help: .hidden)
  var stopAtEndOfInput = false

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port takes a number from 0 to 65535")
    }
    guard !faults || host == "localhost" || host == "::1" || host.starts(with: "127.") else {
      throw ValidationError(
        "--faults lets anybody cut anybody's connection, so it takes the loopback interface only: leave --host out"
      )
    }
  }

  func run() async throws {
    let host = host == "localhost" ? "127.0.0.1" : host
    let folder = staticFolder ?? ProjectFolder.find("static")
    let limits = limits.limits
    let takesFaults = faults
    let configuration = ServerConfiguration(
      host: host, port: port, eventLoop: eventLoop, limits: limits.connection)
    let server = try Server(configuration) { loop in
      Lab(loop: loop, limits: limits, staticFolder: folder, takesFaults: takesFaults)
    }
    StopSignals.take()
    if stopAtEndOfInput {
      // Ctrl-C reaches the parent too, which stops this process when it is done with it.
      signal(SIGINT, SIG_IGN)
      StopSignals.takeEndOfInput()
    }
    let shownHost = host.contains(":") ? "[\(host)]" : host
    print("listening on http://\(shownHost):\(server.port)")
    fflush(nil)
    StopSignals.wait()
    server.stop()
  }
}

extension EventLoop: ExpressibleByArgument {}
