import CKernel
import Foundation
import MonotonicTime
import Synchronization

/// Posts each token of a load at its instant on one kept connection: an open loop, which waits neither for the
/// readers nor for the answers. Those are read by a thread of their own.
final class Publisher: Sendable {
  private let descriptor: CInt
  private let state = Mutex(State())
  private let isSent = DispatchSemaphore(value: 0)
  private let isAnswered = DispatchSemaphore(value: 0)

  private struct State {
    /// When each token's `send` was called.
    var sent: [Instant] = []
    var answered = 0
    var publishing = Publishing()
    var failure: String?
    var isStopped = false

    mutating func fail(_ words: String) { failure = failure ?? "publishing: \(words)" }
  }

  /// - Throws: where the server cannot be reached.
  init(_ load: Load, port: Int) throws {
    descriptor = try Loopback.connect(to: port)
    let requests = load.payloads.map { RequestBytes.post("/publish", "application/json", $0) }
    Thread.detachNewThread { [self] in
      send(requests, load)
      isSent.signal()
    }
    Thread.detachNewThread { [self] in
      readAnswers(requests.count)
      isAnswered.signal()
    }
  }

  deinit { Loopback.reset(descriptor) }

  private func send(_ requests: [[UInt8]], _ load: Load) {
    // Otherwise every token would be late by what the kernel gathers sleeps within.
    ckernel_wake_at_once()
    for (index, request) in requests.enumerated() {
      let instant = load.first.advanced(by: load.gap * index)
      guard sleep(until: instant) else { return }
      state.withLock {
        let now = Instant.now
        $0.sent.append(now)
        $0.publishing.worstLateness = max(
          $0.publishing.worstLateness, instant.duration(to: now).inMilliseconds)
      }
      guard Loopback.send(request, to: descriptor, waits: false) else {
        return state.withLock { $0.fail("the server took no more") }
      }
    }
  }

  /// - Returns: false where it is to stop.
  private func sleep(until instant: Instant) -> Bool {
    while true {
      if state.withLock({ $0.isStopped }) { return false }
      let left = Instant.now.duration(to: instant).inNanoseconds
      guard left > 0 else { return true }
      var time = timespec(tv_sec: 0, tv_nsec: Int(min(left, 100_000_000)))
      nanosleep(&time, nil)
    }
  }

  private func readAnswers(_ count: Int) {
    var parser = AnswerParser(.counted)
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while state.withLock({ $0.answered < count }) {
      let length = recv(descriptor, &buffer, buffer.count, 0)
      let now = Instant.now
      guard length > 0 else { return state.withLock { $0.fail("the server closed the connection") } }
      do {
        try buffer.withUnsafeBytes { try take(UnsafeRawBufferPointer(rebasing: $0[..<length]), &parser, now) }
      } catch {
        return state.withLock { $0.fail("\(error)") }
      }
    }
  }

  private func take(_ bytes: UnsafeRawBufferPointer, _ parser: inout AnswerParser, _ now: Instant) throws {
    var rest = bytes
    while !rest.isEmpty {
      let taken = try parser.take(rest) { _ in }
      rest = UnsafeRawBufferPointer(rebasing: rest[taken.count...])
      guard taken.isComplete else { continue }
      guard parser.status / 100 == 2 else { throw AnswerProblem.status(parser.status) }
      try state.withLock {
        guard $0.answered < $0.sent.count else { throw AnswerProblem.malformed }
        let took = $0.sent[$0.answered].duration(to: now).inMilliseconds
        $0.publishing.longestAnswer = max($0.publishing.longestAnswer, took)
        $0.answered += 1
      }
    }
  }

  /// Stops it, and waits until it is over.
  /// - Returns: how it went, and what went wrong.
  func finish() -> (publishing: Publishing, failure: String?) {
    state.withLock { $0.isStopped = true }
    isSent.wait()
    // Whoever has not answered by then is not waited for.
    let isOver = isAnswered.wait(timeout: .now() + .seconds(2)) == .success
    state.withLock { if !isOver { $0.fail("\($0.sent.count - $0.answered) tokens were not answered") } }
    if !isOver {
      shutdown(descriptor, CInt(SHUT_RDWR))
      isAnswered.wait()
    }
    return state.withLock { ($0.publishing, $0.failure) }
  }
}

/// How tokens were given to a server from outside.
public struct Publishing: Hashable, Codable, Sendable {
  /// Milliseconds from a token's instant to when it was sent, at the worst: the publisher's own.
  public var worstLateness = 0.0
  /// The longest from sending a token to its answer, in milliseconds: the server's.
  public var longestAnswer = 0.0
}
