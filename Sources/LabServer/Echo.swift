import LWS
import MonotonicTime

/// WebSocket `/echo`: what came goes back, in order.
struct Echo: Responder {
  private var outbox: [Message] = []
  /// Handed over, and maybe not taken yet: kept up to the next turn, for its room to be counted.
  private var leaving: Message?
  private var waitingBytes = 0
  /// Bytes that may wait for a peer that sends and does not read.
  private let limit: Int
  /// What an empty message takes too.
  private static let overhead = 64

  init(limit: Int) {
    self.limit = limit
  }

  mutating func received(_ message: Message) {
    waitingBytes += message.bytes.count + Self.overhead
    if waitingBytes <= 2 * limit { outbox.append(message) }
  }

  mutating func turn(at now: Instant) -> Step {
    guard waitingBytes <= 2 * limit else {
      return .close(1_008, reason: "more than \(2 * limit) bytes sent and not read back")
    }
    leaving = nil
    guard !outbox.isEmpty else { return .wait(until: nil) }
    let message = outbox.removeFirst()
    leaving = message
    waitingBytes -= message.bytes.count + Self.overhead
    return .send(Frame(message.isText ? .text : .binary, message.bytes))
  }
}
