import Foundation
import OpenDescriptors

/// Where a run was made: what its numbers depend on beside the experiment.
public struct RunEnvironment: Sendable, Codable {
  public var date: String
  public var kernel: String
  public var processor: String
  public var processors: Processors
  /// What served, as it says itself: libwebsockets and its event loop.
  public var engine: String
  public var build: String
  /// Whether the processors were kept from sleeping.
  public var isKeptAwake: Bool
  /// How many descriptors a process may have open.
  public var descriptorLimit: Int
  public var machine: MachineFacts
  /// What `pushlab` was built from; nil where that is not known.
  public var revision: SourceRevision?
  /// The share of the processors' time that the machine's host gave to others meanwhile.
  public var stealShare: Double?

  /// - Parameters:
  ///   - engine: what served, as it says itself.
  ///   - executable: the `pushlab` command.
  public init(
    processors: Processors, engine: String, isKeptAwake: Bool = true, executable: String = "/proc/self/exe"
  ) {
    self.isKeptAwake = isKeptAwake
    machine = MachineFacts()
    revision = SourceRevision(ofBuild: executable)
    date = ISO8601DateFormatter().string(from: Date())
    let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    kernel = "Linux " + (release ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    let cpuinfo = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = cpuinfo.split(separator: "\n").first { $0.hasPrefix("model name") }
    processor = model?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    self.processors = processors
    self.engine = engine
    build = Self.isDebug ? "debug" : "release"
    descriptorLimit = Descriptors.limit
  }

  static var isDebug: Bool {
    #if DEBUG
      true
    #else
      false
    #endif
  }
}
