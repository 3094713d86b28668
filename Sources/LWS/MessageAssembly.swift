import Budgets
import CLibwebsockets

/// Puts a WebSocket message together from the pieces libwebsockets hands over: frames of a fragmented
/// message (RFC 6455, section 5.4), and parts of a frame larger than its buffer.
struct MessageAssembly {
  enum Progress {
    case incomplete
    case tooLarge
    /// All connections together have sent as much as there is room for.
    case noRoom
    case whole(Message)
  }

  private var isText = true
  private var bytes: [UInt8] = []
  private var reservation: Budget.Reservation?

  /// - Parameters:
  ///   - isLast: whether the frame is the message's last.
  ///   - remaining: payload bytes of the frame still to come behind the piece.
  ///   - limit: bytes of a message.
  ///   - frameLimit: payload bytes of one frame.
  ///   - pending: what it counts in.
  mutating func append(
    _ piece: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool, isText: Bool, remaining: Int = 0,
    limit: Int, frameLimit: Int = .max, of pending: Budget
  ) -> Progress {
    if isFirst {
      bytes.removeAll(keepingCapacity: false)
      reservation = pending.reserve(0)
      self.isText = isText
    }
    guard remaining <= frameLimit - piece.count, bytes.count + piece.count <= limit else { return .tooLarge }
    guard reservation?.grow(by: piece.count) == true else { return .noRoom }
    bytes.append(contentsOf: piece)
    guard isLast, remaining == 0 else { return .incomplete }
    defer { (bytes, reservation) = ([], nil) }
    var message = Message(isText: self.isText, bytes: bytes)
    message.reservation = reservation
    return .whole(message)
  }

  mutating func append(
    _ piece: UnsafeRawBufferPointer, _ wsi: OpaquePointer, limit: Int, frameLimit: Int,
    of pending: Budget
  ) -> Progress {
    append(
      piece, isFirst: lws_is_first_fragment(wsi) != 0, isLast: lws_is_final_fragment(wsi) != 0,
      isText: lws_frame_is_binary(wsi) == 0, remaining: Int(clamping: lws_remaining_packet_payload(wsi)),
      limit: limit, frameLimit: frameLimit, of: pending)
  }
}
