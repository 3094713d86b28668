import CKernel
import Glibc
import MonotonicTime

/// Many readers on one thread: plain sockets that the kernel tells to be readable. The same for every server, and
/// as cheap as can be, because they share one processor.
final class Crowd {
  /// What came to all of them.
  private(set) var arrivals: Arrivals
  /// Answers to polls that came whole.
  private(set) var answers = 0
  /// What was read, heads and framing included.
  private(set) var bytes = 0
  /// What went wrong, with how often.
  private(set) var failures: [String: Int] = [:]
  private let port: Int
  private let plans: [ReaderPlan]
  private var readers: [CrowdReader] = []
  private let set = ckernel_watch_create()
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  private var ready = [UInt32](repeating: 0, count: 256)
  /// Readers whose first answer has begun.
  private var answered = 0
  private var rounds: PollRounds

  init(port: Int, plans: [ReaderPlan], arrivals: Arrivals) {
    self.port = port
    self.plans = plans
    self.arrivals = arrivals
    rounds = PollRounds(readers: plans.count, interval: plans.first?.polls?.interval)
    readers.reserveCapacity(plans.count)
  }

  deinit {
    for reader in readers where reader.descriptor >= 0 { Loopback.reset(reader.descriptor) }
    close(set)
    buffer.deallocate()
  }

  /// So many connections wait for their answers at a time; less than any server's queue of new connections.
  private static let mostUnanswered = 64

  /// Connects all readers, and waits for the beginning of each one's answer.
  /// - Parameters:
  ///   - answersAtOnce: false where the answer begins with the first token; then readers come at a pace that no
  ///     server's queue overflows with.
  ///   - deadline: gives up then.
  /// - Returns: how long it took; nil where it was not over by then.
  func connect(answersAtOnce: Bool, until deadline: Instant) throws -> Duration? {
    let start = Instant.now
    for plan in plans {
      try add(plan)
      if answersAtOnce {
        waitForAnswers(butFor: Self.mostUnanswered, until: deadline)
      } else if readers.count.isMultiple(of: 32) {
        read(until: .now.advanced(by: .milliseconds(4)))
      }
      guard Instant.now < deadline else { return nil }
    }
    if answersAtOnce { waitForAnswers(butFor: 1, until: deadline) }
    return Instant.now < deadline ? start.duration(to: .now) : nil
  }

  private func waitForAnswers(butFor most: Int, until deadline: Instant) {
    while readers.count - answered >= most, Instant.now < deadline { turn(until: deadline) }
  }

  private func add(_ plan: ReaderPlan) throws {
    let reader = try CrowdReader(plan, port: port)
    ckernel_watch_add(set, reader.descriptor, UInt32(readers.count))
    readers.append(reader)
  }

  /// Reads what comes, and polls where that is due, until then.
  func read(until deadline: Instant) {
    while Instant.now < deadline { turn(until: deadline) }
  }

  /// Reads until every reader has so many tokens, or the deadline passes.
  func read(tokens: Int, until deadline: Instant) {
    while Instant.now < deadline, readers.contains(where: { $0.next < tokens }) { turn(until: deadline) }
  }

  /// From here on readers with an interval ask whenever it has passed, one after the other across it.
  func startRounds(at instant: Instant) {
    rounds.start(at: instant)
  }

  /// Accounts for what did not come.
  func finish() {
    let now = Instant.now.nanoseconds
    for reader in readers { arrivals.finish(next: reader.next, first: reader.first, now: now) }
  }

  /// Waits once, and handles what has come.
  private func turn(until deadline: Instant) {
    let now = Instant.now
    while let reader = rounds.nextDue(at: now) {
      if !readers[reader].isAsking { readers[reader].ask(plans[reader]) }
    }
    let wait = max(0, now.duration(to: min(deadline, rounds.next ?? deadline)).inNanoseconds)
    let count = ckernel_watch_wait(set, &ready, CInt(ready.count), wait)
    for place in 0..<Int(max(0, count)) { receive(Int(ready[place])) }
  }

  private func receive(_ reader: Int) {
    let count = recv(readers[reader].descriptor, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
    guard count > 0 else {
      if count == 0 || errno != EAGAIN { leave(reader, nil) }
      return
    }
    bytes += count
    let hadBegun = readers[reader].hasBegun
    do throws(AnswerProblem) {
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      answers += try readers[reader].take(bytes, plans[reader], &arrivals)
    } catch {
      leave(reader, error.description)
    }
    if !hadBegun, readers[reader].hasBegun { answered += 1 }
  }

  /// - Parameter failure: nil where the server closed the connection.
  private func leave(_ reader: Int, _ failure: String?) {
    close(readers[reader].descriptor)
    readers[reader].descriptor = -1
    if !readers[reader].hasBegun { answered += 1 }
    if let failure = failure ?? (readers[reader].hasBegun ? nil : "closed the connection unanswered") {
      failures[failure, default: 0] += 1
    }
    // Nobody waits for it.
    readers[reader].hasBegun = true
  }
}
