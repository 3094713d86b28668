import Budgets
import CLibwebsockets
import MessageCompression

/// Puts a WebSocket message together from the pieces libwebsockets hands over: frames of a fragmented
/// message (RFC 6455, section 5.4), and parts of a frame larger than its buffer.
struct MessageAssembly {
  enum Progress {
    case incomplete
    /// Against the rules, in words.
    case malformed(String)
    case notText
    case tooLarge
    /// All connections together have sent as much as there is room for.
    case noRoom
    case whole(Message)
  }

  private var isText = true
  private var isCompressed = false
  private var check = TextCheck()
  /// Something of the frame is still to come.
  private var isInFrame = false
  private var bytes: [UInt8] = []
  private var reservation: Budget.Reservation?

  /// What is not to be gone on with takes no room.
  /// - Parameters:
  ///   - isLast: whether the frame is the message's last.
  ///   - isCompressed: whether the frame says that its message is compressed (RFC 7692, section 6).
  ///   - remaining: payload bytes of the frame still to come behind the piece.
  ///   - limit: bytes of a message.
  ///   - frameLimit: payload bytes of one frame.
  ///   - pending: what it counts in.
  ///   - compression: reads what is compressed.
  mutating func append(
    _ piece: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool, isText: Bool, isCompressed: Bool = false,
    remaining: Int = 0, limit: Int, frameLimit: Int = .max, of pending: Budget,
    inflating compression: SocketCompression? = nil
  ) -> Progress {
    let progress = take(
      piece, isFirst: isFirst, isLast: isLast, isText: isText, isCompressed: isCompressed,
      remaining: remaining, limit: limit, frameLimit: frameLimit, of: pending, inflating: compression)
    if case .incomplete = progress { return progress }
    (bytes, reservation) = ([], nil)
    return progress
  }

  private mutating func take(
    _ piece: UnsafeRawBufferPointer, isFirst: Bool, isLast: Bool, isText: Bool, isCompressed: Bool,
    remaining: Int, limit: Int, frameLimit: Int, of pending: Budget,
    inflating compression: SocketCompression?
  ) -> Progress {
    if isFirst {
      bytes.removeAll(keepingCapacity: false)
      reservation = pending.reserve(0)
      self.isText = isText
      self.isCompressed = isCompressed
      check = TextCheck()
    } else if isCompressed, !isInFrame {
      return .malformed("a continuation that says it is compressed")
    }
    isInFrame = remaining > 0
    let (longest, longestFrame) =
      self.isCompressed
      ? (MessageInflater.longestPayload(of: limit), MessageInflater.longestPayload(of: frameLimit))
      : (limit, frameLimit)
    guard remaining <= longestFrame - piece.count, bytes.count + piece.count <= longest else {
      return .tooLarge
    }
    guard reservation?.grow(by: piece.count) == true else { return .noRoom }
    bytes.append(contentsOf: piece)
    let isReadable = self.isText && !self.isCompressed
    if isReadable, !check.take(piece) { return .notText }
    guard isLast, remaining == 0 else { return .incomplete }
    if isReadable, !check.isAtCharacterEnd { return .notText }
    if self.isCompressed, let problem = inflate(compression, limit: limit) { return problem }
    var message = Message(isText: self.isText, bytes: bytes)
    message.reservation = reservation
    return .whole(message)
  }

  /// - Returns: what came instead of the message; nil where it is there.
  private mutating func inflate(_ compression: SocketCompression?, limit: Int) -> Progress? {
    do throws(MessageInflater.Failure) {
      guard let message = try compression?.inflate(bytes, limit: limit) else { throw .malformed }
      guard reservation?.grow(by: max(0, message.count - bytes.count)) == true else { return .noRoom }
      bytes = message
      return isText && !TextCheck.isText(message) ? .notText : nil
    } catch {
      return error == .tooLong ? .tooLarge : .malformed("a compressed message that cannot be read")
    }
  }

  mutating func append(
    _ piece: UnsafeRawBufferPointer, _ wsi: OpaquePointer, limit: Int, frameLimit: Int,
    of pending: Budget, inflating compression: SocketCompression?
  ) -> Progress {
    append(
      piece, isFirst: lws_is_first_fragment(wsi) != 0, isLast: lws_is_final_fragment(wsi) != 0,
      isText: lws_frame_is_binary(wsi) == 0, isCompressed: lws_get_reserved_bits(wsi) & 0x40 != 0,
      remaining: Int(clamping: lws_remaining_packet_payload(wsi)), limit: limit, frameLimit: frameLimit,
      of: pending, inflating: compression)
  }
}
