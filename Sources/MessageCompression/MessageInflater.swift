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
  ///   - limit: how many bytes the message may have; no more than that is held.
  public func inflate(_ payload: some Collection<UInt8>, limit: Int) throws(Failure) -> [UInt8] {
    var input = Array(payload) + MessageDeflater.tail
    return try input.withUnsafeMutableBufferPointer { (input) throws(Failure) in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      var message: [UInt8] = []
      repeat {
        guard let made = inflateSome() else { throw .malformed }
        message += scratch[..<made]
        if message.count > limit { throw .tooLong }
      } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
      return message
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
