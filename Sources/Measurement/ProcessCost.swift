import Machine
import MonotonicTime

/// What a process takes a second.
public struct ProcessPace: Sendable {
  /// Shares of one processor.
  var processor = 0.0
  /// Voluntary and forced switches.
  var switches = 0.0

  public init() {}

  /// Between two looks; nothing where either is missing.
  public init(_ before: ProcessUsage?, _ after: ProcessUsage?) {
    guard let before, let after else { return }
    let seconds = before.at.duration(to: after.at).inSeconds
    processor = after.share(since: before)
    switches = seconds > 0 ? Double(after.contextSwitches - before.contextSwitches) / seconds : 0
  }
}

/// What reading cost a process, less what it takes when nobody reads.
public struct ProcessCost: Sendable {
  var microseconds: Double
  var switches: Double
  /// Of one processor, all in all.
  var share: Double
  /// The longest that one of its threads could have run and waited, as a share of the time.
  var longestWait: Double

  /// - Parameter idle: what it takes when nobody reads.
  /// - Returns: nil where either look is missing.
  public init?(_ before: ProcessUsage?, _ after: ProcessUsage?, idle: ProcessPace) {
    guard let before, let after else { return nil }
    let seconds = before.at.duration(to: after.at).inSeconds
    share = after.share(since: before)
    longestWait = after.longestWait(since: before)
    let used = (after.processorTime - before.processorTime).inSeconds - idle.processor * seconds
    // Below zero where reading took less than idling varies: cut off there, the median would be too high.
    microseconds = used * 1e6
    switches = Double(after.contextSwitches - before.contextSwitches) - idle.switches * seconds
  }
}

extension TrialMeasurement {
  /// What it cost the proxy between them, all in all.
  public mutating func add(proxy time: Duration) {
    guard ledger.delivered > 0 else { return }
    values[.proxyProcessor] = time.inSeconds * 1e6 / Double(ledger.delivered)
  }

  /// What the trial cost both ends. On one machine the kernel does the receiver's work in the sender's process, so it is
  /// their sum that can be compared.
  public mutating func add(server: ProcessCost?, readers: ProcessCost?) {
    serverProcessorShare = server?.share ?? 0
    readersProcessorShare = readers?.share ?? 0
    longestWait = max(server?.longestWait ?? 0, readers?.longestWait ?? 0)
    guard ledger.delivered > 0 else { return }
    let tokens = Double(ledger.delivered)
    if let server {
      values[.serverProcessor] = server.microseconds / tokens
      values[.contextSwitches] = server.switches / tokens
    }
    if let readers { values[.readersProcessor] = readers.microseconds / tokens }
    if let server, let readers {
      values[.bothProcessors] = (server.microseconds + readers.microseconds) / tokens
    }
  }
}
