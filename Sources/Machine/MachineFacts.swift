import Foundation

/// What a machine is and how it is set, as far as it decides what a token costs. Nil where Linux does not tell.
public struct MachineFacts: Sendable, Codable, Hashable {
  /// Whether a host shares it out (the processor's `hypervisor` flag).
  public var isVirtual: Bool
  /// Driver and governor of the processors' sleep.
  public var processorIdle: String?
  /// What chooses the processors' frequency.
  public var frequencyGovernor: String?
  /// Whether two hardware threads share a core.
  public var hasSimultaneousMultithreading: Bool?
  /// What TCP's sending rate is decided by.
  public var congestionControl: String?
  /// Ticks a second of the kernel's own clock, where its configuration can be read.
  public var kernelTicksPerSecond: Int?
  /// What the kernel does against processors' faults, by their names: some of it is paid at every system call.
  public var mitigations: [String: String]

  public init() {
    let processors = "/sys/devices/system/cpu"
    isVirtual = (Self.text("/proc/cpuinfo") ?? "").split(separator: "\n").contains {
      $0.hasPrefix("flags") && $0.split(separator: " ").contains("hypervisor")
    }
    let idle = ["current_driver", "current_governor"].compactMap { Self.text("\(processors)/cpuidle/\($0)") }
    processorIdle = idle.isEmpty ? nil : Array(Set(idle)).sorted().joined(separator: ", ")
    frequencyGovernor = Self.text("\(processors)/cpu0/cpufreq/scaling_governor")
    hasSimultaneousMultithreading = Self.text("\(processors)/smt/active").map { $0 == "1" }
    congestionControl = Self.text("/proc/sys/net/ipv4/tcp_congestion_control")
    let release = Self.text("/proc/sys/kernel/osrelease") ?? ""
    kernelTicksPerSecond = Self.text("/boot/config-\(release)")?.firstMatch(of: /CONFIG_HZ=([0-9]+)/)
      .flatMap { Int($0.1) }
    let folder = "\(processors)/vulnerabilities"
    let faults = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    mitigations = Dictionary(
      uniqueKeysWithValues: faults.compactMap { fault in
        Self.text("\(folder)/\(fault)").flatMap { $0 == "Not affected" ? nil : (fault, $0) }
      })
  }

  private static func text(_ path: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty ? nil : trimmed
  }
}
