/// What all connections together may send before it is dealt with: bodies and messages on their way, and messages that
/// wait to be sent back. Confined to the loop's thread.
final class PendingBytes {
  private let limit: Int
  fileprivate(set) var count = 0

  init(limit: Int) {
    self.limit = limit
  }

  /// - Returns: nil where there is no room for so many more.
  func reserve(_ bytes: Int) -> Reservation? {
    guard bytes <= limit - count else { return nil }
    return Reservation(self, bytes)
  }

  /// A part of them, taken up while it lives.
  final class Reservation {
    private let pending: PendingBytes
    private var bytes: Int

    fileprivate init(_ pending: PendingBytes, _ bytes: Int) {
      self.pending = pending
      self.bytes = bytes
      pending.count += bytes
    }

    deinit {
      pending.count -= bytes
    }

    /// - Returns: false where there is no room for so many more.
    func grow(by more: Int) -> Bool {
      guard more <= pending.limit - pending.count else { return false }
      bytes += more
      pending.count += more
      return true
    }
  }
}
