import MonotonicTime
import NIOHTTP1

/// What carries a conversation's requests, and brings it the parts of the answers: HTTP/1.1 on a connection of its own, or
/// HTTP/2 in streams of a connection that it may share.
protocol Carrier: AnyObject {
  /// When the bytes came that are being read.
  var readAt: Instant { get }
  /// When something came for this conversation last.
  var heardAt: Instant { get }
  /// Whether another request can be sent on it, once the answer before is whole.
  var takesRequests: Bool { get }
  /// Sends a request. The conversation is told when it has left, and its answer comes there in parts.
  /// - Parameter allowsUpgrade: 101 is an answer to it.
  /// - Returns: how many bytes its head takes, where that is known at once.
  func send(_ head: HTTPRequestHead, body: [UInt8], allowsUpgrade: Bool) -> Int
  /// What was carried before does not count.
  func startCounting()
  /// Has the kernel's count also once the server has ended the connection, at the price of a descriptor.
  func outliveConnection()
  /// Nothing more is wanted of it; what it has carried stays as it is.
  func noteCount()
  /// Ends the counting.
  /// - Returns: nil where the kernel does not tell.
  func stopCounting() -> Carried?
  /// Sends a request whose answer nobody reads, beside the one that is being answered.
  /// - Parameter again: is called where the server turns out not to have begun with it.
  /// - Returns: whether it can, which HTTP/1.1 cannot.
  func sendBeside(_ head: HTTPRequestHead, orElse again: @escaping () -> Void) -> Bool
  /// The conversation is over, and so is what was being carried for it.
  func close()
}

/// What went over a connection, as far as it is a conversation's.
struct Carried {
  /// Nothing where another conversation has the count, with which the connection is shared.
  var count = ConnectionCount()
  /// Bytes of heads that only the connection tells apart.
  var headBytesUp = 0
  var headBytesDown = 0

  static func + (left: Carried, right: Carried) -> Carried {
    Carried(
      count: left.count + right.count, headBytesUp: left.headBytesUp + right.headBytesUp,
      headBytesDown: left.headBytesDown + right.headBytesDown)
  }
}
