import Measurement

/// What a reader that waits costs in memory, measured several times, each time on a server of its own.
public struct MemoryMeasurement: Sendable, Codable {
  /// How many were held open at a time.
  public var connections: Int
  /// Growth of the server's resident memory over them, in bytes per reader, one number a repetition.
  public var residentBytes: [Double] = []
  /// Growth of the kernel's memory over them, objects and queues. Both ends are on this machine, so it is halved.
  public var kernelBytes: [Double] = []

  /// As few as carry an interval.
  package static let repetitions = Interval.fewestValues

  package init(connections: Int) {
    self.connections = connections
  }

  public var resident: Estimate? { Estimate(residentBytes) }
  public var kernel: Estimate? { Estimate(kernelBytes) }
}
