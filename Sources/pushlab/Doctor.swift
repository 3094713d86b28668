import ArgumentParser
import Foundation
import LWS
import LabServer
import LinkedNetworks
import Links
import Machine
import OpenDescriptors
import PlainText
import Report
import Results

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what works on this machine, and what each missing part would add.")

  func run() throws {
    var lines: [(isThere: Bool, name: String, text: String)] = []
    let processors = Processors()
    lines.append(
      (
        processors.allowed.count > 1, "processors",
        processors.allowed.count > 1
          ? "\(processors.allowed.count): server on \(processors.server), readers on \(processors.readers)"
          : "1: server and readers share it, and disturb each other's numbers"
      ))
    lines.append(descriptors)
    lines.append((true, "libwebsockets", LWS.version))
    lines.append(eventLoop)
    lines.append(link)
    lines.append(
      Self.isBuiltForSpeed
        ? (true, "build", "release")
        : (
          false, "build",
          "debug, which makes every time too long: run 'make build', then use .build/release/pushlab"
        ))
    lines.append(Self.project)
    let plots = PlotLibrary.find(projectFolder: try? ProjectFolder().path) != nil
    lines.append(
      (plots, "plots", plots ? "vl-convert" : "the HTML report has tables only; \(PlotLibrary.advice)"))
    for part in Self.parts { lines.append(check(part)) }
    let width = lines.map(\.name.cells).max() ?? 0
    for (isThere, name, text) in lines {
      try StandardOutput.write(
        "\(isThere ? "yes" : "no ")  \(name.padded(toCells: width))  \(text.onOneLine)\n")
    }
  }

  private static var project: (Bool, String, String) {
    do throws(ExperimentError) {
      return (true, "project", try ProjectFolder().path)
    } catch {
      return (false, "project", error.description)
    }
  }

  private static var isBuiltForSpeed: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  /// A server is started on it: a plugin that is installed may still not fit.
  private var eventLoop: (Bool, String, String) {
    let name = "event loop libev"
    do throws(ServerError) {
      let server = try Server(ServerConfiguration()) { Lab(loop: $0, staticFolder: nil) }
      server.stop()
      return (true, name, "serves")
    } catch {
      return (false, name, error.advice)
    }
  }

  private var descriptors: (Bool, String, String) {
    let count = Descriptors.limit
    let isEnough = count >= 4_096
    return (
      isEnough, "descriptors",
      "\(count) per process" + (isEnough ? "" : ": \(Descriptors.advice)")
    )
  }

  /// One is made and looked at: a device that is there may still not be allowed.
  private var link: (Bool, String, String) {
    do throws(NetworkError) {
      try LinkRights.take()
      let link = try Link(.perfect, executable: "/proc/self/exe", seed: 1)
      defer { link.stop() }
      try LinkCheck.check([LinkProfile.train.properties], over: link)
      return (true, "links", "delay, loss and bandwidth are as asked for")
    } catch {
      return (false, "links", error.description)
    }
  }

  private struct Part {
    var program: String
    var package: String
    var adds: String
  }

  private static let parts = [
    Part(program: "curl", package: "curl", adds: "the tests' independent reader"),
    Part(program: "tcpdump", package: "tcpdump", adds: "the tests' witness for wire bytes"),
    Part(program: "chromium", package: "chromium", adds: "the tests' browser"),
    Part(program: "firefox-esr", package: "firefox-esr", adds: "a second browser engine to try the page in"),
    Part(program: "nginx", package: "nginx", adds: "a proxy to put before the server"),
    Part(program: "openssl", package: "openssl", adds: "certificates for proxies"),
    Part(program: "haproxy", package: "haproxy", adds: "another proxy to put before the server"),
    Part(program: "caddy", package: "caddy", adds: "another proxy to put before the server"),
    Part(program: "varnishd", package: "varnish", adds: "another proxy to put before the server"),
    Part(program: "apache2", package: "apache2", adds: "another proxy to put before the server"),
    Part(program: "lighttpd", package: "lighttpd", adds: "another proxy to put before the server"),
  ]

  private func check(_ part: Part) -> (Bool, String, String) {
    let isThere = InstalledProgram.path(of: part.program) != nil
    return (isThere, part.program, isThere ? part.adds : "\(part.adds): apt-get install \(part.package)")
  }
}
