import Answers
import MonotonicTime
import NIOCore
import NIOPosix
import Readings
import Wire

/// What a reader is to do.
public struct ReadingPlan: Sendable {
  public var server: ServerAddress
  public var variant: Variant
  public var expected: ExpectedTokens
  /// A stream that is there already; nil asks for one.
  public var stream: StreamStarted?
  /// Connects and makes a request before asking, so that neither counts.
  public var isWarm = false
  /// The first index wanted.
  public var from = 0
  /// Stops the generation once so many tokens have come.
  public var stopAfter: Int?
  /// Whom it shares a connection with; nil shares it with nobody. For HTTP/2 alone.
  public var connection: ConnectionForSeveral?
  /// What to do when the connection is lost.
  public var recovery = Recovery.none
  /// What the waits before coming back are drawn from; another one for each reader, so that they spread.
  public var seed: UInt64 = 0
  /// How long after the schedule's end the stream must have ended. Who resumes has as much for every outage.
  public var patience = Duration.seconds(15)
  /// Replaces that: how long to read at most, whatever the schedule says.
  public var limit: Duration?
  /// Sees each token as it arrives, on the reader's event loop.
  public var onToken: (@Sendable (TokenPayload) -> Void)?
  /// Sees each outage when it begins and again, its `firstAfter` set, when it is over; on the reader's event
  /// loop.
  public var onOutage: (@Sendable (Outage) -> Void)?
  /// Sees the very bytes that travel, on the reader's event loop.
  public var onWire: (@Sendable (WireDirection, ByteBuffer) -> Void)?

  public init(server: ServerAddress, variant: Variant, expected: ExpectedTokens) {
    self.server = server
    self.variant = variant
    self.expected = expected
    recovery = variant.recovery
  }
}

/// What readers that share a connection have in common.
public struct ConnectionForSeveral: Sendable {
  let loop: any EventLoop
  private let bound: NIOLoopBoundBox<SharedConnection?>

  fileprivate init(on loop: any EventLoop) {
    self.loop = loop
    bound = .makeEmptyBox(eventLoop: loop)
  }

  /// On its event loop alone.
  var connection: SharedConnection {
    if let connection = bound.value { return connection }
    let connection = SharedConnection(on: loop)
    bound.value = connection
    return connection
  }
}

public enum WireDirection: Sendable {
  case up
  case down
}

/// Reads streams, each over a connection that is kept alive, and over further ones where the plan says so.
public struct Reader: Sendable {
  let group: MultiThreadedEventLoopGroup

  /// - Parameter threads: event loops; each reader stays on one.
  public init(threads: Int = 1) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
  }

  /// Asks (unless the plan names a stream) and reads to the stream's end.
  /// - Returns: what was seen, with `failure` set where the end was not reached.
  public func read(_ plan: ReadingPlan) async -> Reading {
    let loop = plan.connection?.loop ?? group.next()
    let promise = loop.makePromise(of: Reading.self)
    let asked = Instant.now
    loop.execute { Journey(plan, asked: asked, on: loop, outcome: promise).begin() }
    // A promise made here is always kept: a journey ends at the latest with its deadline.
    let nothing = Reading(
      asked: asked, started: asked, offsets: plan.expected.offsets, texts: plan.expected.texts)
    return (try? await promise.futureResult.get()) ?? nothing
  }

  /// A connection that several readings may name in their plans. It is made when the first of them needs it.
  public func connectionForSeveral() -> ConnectionForSeveral {
    ConnectionForSeveral(on: group.next())
  }

  /// Runs something on each of the readers' threads, such as what puts them into another network, before they read.
  public func onEachThread(_ work: @escaping @Sendable () throws -> Void) async throws {
    for loop in group.makeIterator() { try await loop.submit(work).get() }
  }

  public func shutDown() async {
    try? await group.shutdownGracefully()
  }
}
