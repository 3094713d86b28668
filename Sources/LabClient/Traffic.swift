import CKernel
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import OpenDescriptors

/// What the kernel counted on a connection so far.
public struct ConnectionCount: Hashable, Sendable {
  public var bytesUp = 0
  public var bytesDown = 0
  /// Segments, pure acknowledgements and the handshake included.
  public var segmentsUp = 0
  public var segmentsDown = 0
  public var retransmissions = 0

  public init() {}

  /// Reads `TCP_INFO`; nil where the kernel does not tell (before Linux 4.19).
  init?(_ channel: any Channel) {
    let count = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { ConnectionCount(descriptor: $0) }
    guard let count = count ?? nil else { return nil }
    self = count
  }

  fileprivate init?(descriptor: CInt) {
    var connection = ckernel_connection()
    guard ckernel_connection_read(descriptor, 1, &connection) == 0 else { return nil }
    bytesUp = Int(connection.bytes_sent) - Int(connection.bytes_retransmitted)
    bytesDown = Int(connection.bytes_received)
    segmentsUp = Int(connection.segments_out)
    segmentsDown = Int(connection.segments_in)
    retransmissions = Int(connection.retransmissions)
  }

  static func + (left: ConnectionCount, right: ConnectionCount) -> ConnectionCount {
    var sum = left
    sum.bytesUp += right.bytesUp
    sum.bytesDown += right.bytesDown
    sum.segmentsUp += right.segmentsUp
    sum.segmentsDown += right.segmentsDown
    sum.retransmissions += right.retransmissions
    return sum
  }

  static func - (left: ConnectionCount, right: ConnectionCount) -> ConnectionCount {
    var difference = left
    difference.bytesUp -= right.bytesUp
    difference.bytesDown -= right.bytesDown
    difference.segmentsUp -= right.segmentsUp
    difference.segmentsDown -= right.segmentsDown
    difference.retransmissions -= right.retransmissions
    return difference
  }
}

/// Counts on a connection also once its channel has closed it, as it has where the peer ended it: through a
/// descriptor of its own. The connection lives as long as this does.
final class ConnectionCounter {
  private let descriptor: CInt

  /// - Returns: nil where this process may open no further descriptor but those that it keeps for itself.
  init?(_ channel: any Channel) {
    guard Descriptors.haveRoom else { return nil }
    let copy = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { fcntl($0, F_DUPFD_CLOEXEC, 0) }
    guard let copy, copy >= 0 else { return nil }
    descriptor = copy
  }

  deinit {
    close(descriptor)
  }

  var count: ConnectionCount? { ConnectionCount(descriptor: descriptor) }
}

extension HTTPHeaders {
  /// The bytes of the fields and of the empty line behind them, each field written as `name: value`.
  fileprivate var wireCount: Int {
    reduce(2) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
  }
}

extension HTTPRequestHead {
  /// The bytes of the head on the wire.
  var wireCount: Int {
    method.rawValue.utf8.count + uri.utf8.count + " HTTP/1.1\r\n".utf8.count + 1 + headers.wireCount
  }
}
