import ArgumentParser
import LabServer
import MonotonicTime
import TokenStream
import Wire

/// How streams leave `pushlab serve`.
struct SendingOptions: ParsableArguments {
  @Option(
    name: .customLong("forwarding-hints"),
    help: ArgumentHelp(
      """
      What streams ask of proxies, fields with commas between them, or none: x-accel-buffering, which nginx obeys, and \
      incremental (RFC 10036).
      """, valueName: "fields"))
  var forwardingHintNames = "x-accel-buffering"

  @Option(
    name: .customLong("batch-milliseconds"),
    help: ArgumentHelp(
      "Gathers tokens until the first of them has waited so long, 1 to 10000, and sends them in one write.",
      valueName: "ms"))
  var batchMilliseconds: Double?

  @Option(
    name: .customLong("batch-tokens"),
    help: ArgumentHelp("Gathers tokens until there are so many, 2 to 1000.", valueName: "count"))
  var batchTokens: Int?

  @Option(
    help:
      "Seconds an event stream is silent before it gets a comment, 0.1 to 3600; it takes up to twice as long."
  )
  var heartbeat = Limits().heartbeat.inSeconds

  @Flag(
    help:
      "Lets small writes wait until earlier ones are acknowledged (Nagle's algorithm), as sockets do by themselves."
  )
  var nagle = false

  func validate() throws {
    guard ForwardingHints(names: forwardingHintNames) != nil else {
      throw ValidationError(
        "--forwarding-hints takes \(ForwardingHints.names.joined(separator: ", ")), not '\(forwardingHintNames)'"
      )
    }
    if let batchMilliseconds, !(1...10_000).contains(batchMilliseconds) {
      throw ValidationError("--batch-milliseconds takes a number from 1 to 10000")
    }
    if let batchTokens, !(2...1_000).contains(batchTokens) {
      throw ValidationError("--batch-tokens takes a whole number from 2 to 1000")
    }
    guard (0.1...3_600).contains(heartbeat) else {
      throw ValidationError("--heartbeat takes seconds from 0.1 to 3600")
    }
  }

  private var batching: Batching? {
    guard batchMilliseconds != nil || batchTokens != nil else { return nil }
    var batching = Batching()
    if let batchTokens { batching.tokens = batchTokens }
    if let batchMilliseconds { batching.time = Duration(roundedSeconds: batchMilliseconds / 1e3) }
    return batching
  }

  func apply(to limits: inout Limits) {
    limits.forwardingHints = ForwardingHints(names: forwardingHintNames) ?? .accelBuffering
    limits.batching = batching
    limits.heartbeat = Duration(roundedSeconds: heartbeat)
    limits.connection.delaysSmallWrites = nagle
  }
}
