import CZlib

/// Reads the compressed messages that one side of a WebSocket sends, one after the other (RFC 7692, section 7.2.2).
public final class MessageInflater {
  public enum Failure: Error {
    /// Not what a compressor makes.
    case malformed
    /// The message is longer than it may be.
    case tooLong
  }

  /// zlib keeps this address, so it lies outside of what Swift may move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var scratch = [UInt8](repeating: 0, count: 1_024)

  /// It reads what refers to the messages before, and what does not, within any window.
  public init() {
    stream.initialize(to: z_stream())
    let status = czlib_begin_inflating(stream)
    precondition(status == Z_OK, "zlib has no memory to read compressed messages")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// - Parameters:
  ///   - payload: of a compressed message.
  ///   - limit: how many bytes the message may have; no more than that is held. Behind a failure nothing more is to be
  ///     read.
  public func inflate(_ payload: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    var message: [UInt8] = []
    for part in [payload, MessageDeflater.tail] { try inflate(part, onto: &message, limit: limit) }
    // A message ends behind a block.
    guard stream.pointee.data_type & Self.isBehindBlock != 0 else { throw .malformed }
    return message
  }

  /// Of `data_type`, by zlib's manual on `inflate`.
  private static let isBehindBlock: CInt = 128

  /// The longest payload that a message of so many bytes has: what cannot be compressed grows a little.
  public static func longestPayload(of limit: Int) -> Int {
    limit > .max / 2 ? limit : limit + limit >> 8 + 16
  }

  private func inflate(_ input: [UInt8], onto message: inout [UInt8], limit: Int) throws(Failure) {
    try input.withUnsafeBufferPointer { (input) throws(Failure) in
      // zlib reads its input and does not change it, and looks at neither of these pointers before they are set again.
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      repeat {
        guard let made = inflateSome() else { throw .malformed }
        message += scratch[..<made]
        if message.count > limit { throw .tooLong }
      } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
    }
  }

  /// - Returns: how many bytes of scratch are the next ones; nil where the input is none that can be read.
  private func inflateSome() -> Int? {
    scratch.withUnsafeMutableBufferPointer { space in
      stream.pointee.next_out = space.baseAddress
      stream.pointee.avail_out = UInt32(space.count)
      switch CZlib.inflate(stream, Z_SYNC_FLUSH) {
      // A buffer error says that there was nothing to do.
      case Z_OK, Z_BUF_ERROR: break
      // Blocks may say that they are the last; others follow all the same (RFC 7692, section 7.2.3.4).
      case Z_STREAM_END: inflateResetKeep(stream)
      default: return nil
      }
      return space.count - Int(stream.pointee.avail_out)
    }
  }
}
