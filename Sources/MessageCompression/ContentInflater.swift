import CZlib

/// Reads a body coded with gzip, piece by piece as it comes (RFC 9110, section 8.4.1.3; RFC 1952).
public final class ContentInflater {
  /// What is no gzip.
  public struct Malformed: Error {
    public init() {}
  }

  /// zlib keeps this address, so it lies outside of what Swift may move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var scratch = [UInt8](repeating: 0, count: 4_096)
  /// The body is whole.
  public private(set) var hasEnded = false

  public init() {
    stream.initialize(to: z_stream())
    let status = czlib_begin_gunzipping(stream)
    precondition(status == Z_OK, "zlib has no memory to read a coded body")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// - Parameter take: is given what the piece says, at most 4 KiB at a time; valid until it returns.
  /// - Throws: `Malformed`.
  public func inflate(
    _ piece: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) -> Void
  ) throws(Malformed) {
    // zlib reads its input and does not change it.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: piece.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(piece.count)
    repeat {
      // Another member may follow (RFC 1952, section 2.2).
      if stream.pointee.avail_in > 0, hasEnded {
        guard inflateReset(stream) == Z_OK else { throw Malformed() }
        hasEnded = false
      }
      let made = try inflateSome()
      scratch.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<made])) }
    } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
  }

  private func inflateSome() throws(Malformed) -> Int {
    let (status, made) = scratch.withUnsafeMutableBufferPointer { space in
      stream.pointee.next_out = space.baseAddress
      stream.pointee.avail_out = UInt32(space.count)
      let status = CZlib.inflate(stream, Z_SYNC_FLUSH)
      return (status, space.count - Int(stream.pointee.avail_out))
    }
    // A buffer error says that there was nothing to do.
    guard status == Z_OK || status == Z_BUF_ERROR || status == Z_STREAM_END else { throw Malformed() }
    hasEnded = hasEnded || status == Z_STREAM_END
    return made
  }
}
