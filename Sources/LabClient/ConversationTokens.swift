import Answers
import MonotonicTime
import NIOHTTP1
import Readings
import Wire

/// What transports say and hear on a connection.
extension Conversation {
  /// Sends a request on the kept connection; behind a last answer, the next connection makes it.
  /// - Parameter offersUpgrade: 101 is an answer to it.
  func send(
    _ method: HTTPMethod, _ path: String, as kind: RequestKind = .fetch(), body: [UInt8] = [],
    offersUpgrade: Bool = false
  ) {
    guard !isLastAnswer else { return }
    guard carrier.takesRequests else { return moveOn(at: nil) }
    lastRequest = .now
    let head = HTTPRequestHead(
      method, path, as: kind, plan.variant.heads, stage == .reading ? plan.variant.coding : .identity,
      to: plan.server, bodyCount: body.count)
    journey.reading.up.heads += carrier.send(head, body: body, allowsUpgrade: offersUpgrade)
  }

  /// A request has left, with so many bytes of a question.
  func requestLeft(bodyCount: Int) {
    journey.countRequest()
    journey.reading.up.payload += bodyCount
  }

  /// Asks for the stream's resource of this transport.
  func read(_ transport: Transport, _ query: String, as kind: RequestKind = .fetch()) {
    guard let stream = journey.stream else { return }
    send(
      .GET, "/streams/\(stream.stream)/\(transport.resource)?\(query)", as: kind,
      offersUpgrade: transport.exchange == .socket)
  }

  /// The part of a query that says where to begin.
  func place(_ index: Int) -> String {
    guard journey.namesEpoch, let epoch = journey.epoch else { return "from=\(index)" }
    return "from=\(index)&epoch=\(epoch)"
  }

  /// The fast way for a token that came as these bytes: they are, to the byte, what the generator gives for
  /// the index wanted. False says that they have to be looked at.
  /// - Parameter saved: how many of them did not travel.
  func takesAsNext(_ bytes: some Sequence<UInt8>, wanted index: Int, saved: Int = 0) -> Bool {
    guard expects(bytes, at: index) else { return false }
    tookExpected(index, saved: saved)
    return true
  }

  /// The first half of that: whether they are.
  func expects(_ bytes: some Sequence<UInt8>, at index: Int) -> Bool {
    plan.onToken == nil && plan.expected.matches(bytes, index: index)
  }

  /// The second half.
  func tookExpected(_ index: Int, saved: Int = 0) {
    record(index, size: plan.expected.payloadCount(index) - saved, isIntact: true)
  }

  /// The same for a page in the midst of a stream.
  /// - Returns: how many tokens it brought; nil says that it has to be looked at.
  func takesAsPage(_ bytes: [UInt8], wanted index: Int) -> Int? {
    guard plan.onToken == nil, let count = plan.expected.pageCount(bytes, from: index) else { return nil }
    for index in index..<(index + count) {
      record(index, size: plan.expected.payloadCount(index), isIntact: true)
    }
    return count
  }

  func took(_ payload: TokenPayload, saved: Int = 0) {
    guard !isOver else { return }
    let isIntact = plan.expected.matches(payload)
    let size = isIntact ? plan.expected.payloadCount(payload.index) : payload.json.count
    record(payload.index, size: size - saved, isIntact: isIntact)
    plan.onToken?(payload)
  }

  /// Whatever comes is recorded: a token that comes twice is the ledger's to find. Only what stands behind a
  /// mistake, or behind the end, has not come.
  private func record(_ index: Int, size: Int, isIntact: Bool) {
    guard !isOver else { return }
    if isRecovering {
      journey.recovered(with: index, at: carrier.readAt)
      isRecovering = journey.missing != nil
    }
    journey.reading.down.payload += size
    journey.reading.arrivals.append(Arrival(index: index, at: carrier.readAt, isIntact: isIntact))
    if let count = plan.stopAfter, journey.reading.arrivals.count >= count { journey.stop(in: self) }
  }
}
