import MonotonicTime
import NIOCore
import Synchronization

/// Stands between a connection and its socket, to time what comes where it comes, and to let go together what is written
/// together.
final class SocketEdge: ChannelDuplexHandler {
  typealias InboundIn = Any
  typealias InboundOut = Any
  typealias OutboundIn = Any
  typealias OutboundOut = Any

  private let lastRead: LastRead
  private var isFlushPlanned = false

  init(_ lastRead: LastRead) {
    self.lastRead = lastRead
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastRead.note(.now)
    context.fireChannelRead(data)
  }

  /// A request's head and its body are written apart. A server that gets the head alone begins with it, and is later with
  /// the rest.
  func flush(context: ChannelHandlerContext) {
    guard !isFlushPlanned else { return }
    isFlushPlanned = true
    context.eventLoop.assumeIsolated().execute {
      self.isFlushPlanned = false
      context.flush()
    }
  }

  static func add(to channel: any Channel, _ lastRead: LastRead) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(SocketEdge(lastRead), position: .first)
    }
  }
}

/// When the one thread that reads all connections last read from a socket. What a read brought is passed on at the end of
/// the socket's turn, and so may get the time of the last of its reads, or under load that of another connection's: later
/// than it came, by no more than the thread's own lag.
final class LastRead: Sendable {
  private let nanoseconds = Atomic<Int64>(0)

  var at: Instant { Instant(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

  func note(_ instant: Instant) {
    nanoseconds.store(instant.nanoseconds, ordering: .relaxed)
  }
}
