import NIOCore

/// What one of a reader's connections carried since the reader asked.
struct ConnectionMeter {
  private let channel: any Channel
  private var counter: ConnectionCounter?
  private var atStart = ConnectionCount()
  private var latest: ConnectionCount?

  init(_ channel: any Channel) {
    self.channel = channel
  }

  /// Has the kernel's count also once the server has ended the connection, at the price of a descriptor.
  mutating func outliveConnection() {
    if counter == nil { counter = ConnectionCounter(channel) }
  }

  /// What was carried before does not count.
  mutating func start() {
    atStart = current ?? ConnectionCount()
  }

  /// Keeps the count as it is, for when there will be none.
  mutating func note() {
    latest = current ?? latest
  }

  /// Ends the counting.
  /// - Returns: nil where the kernel does not tell.
  mutating func stop() -> ConnectionCount? {
    note()
    counter = nil
    return latest.map { $0 - atStart }
  }

  private var current: ConnectionCount? { counter?.count ?? ConnectionCount(channel) }
}
