import CZlib

/// Compresses the messages that one side of a WebSocket sends, one after the other (RFC 7692, section 7.2.1).
///
/// It holds about 260 kB from its beginning on: zlib's manual says 256 KiB for the widest window, and its own state is on
/// top.
public final class MessageDeflater {
  /// zlib keeps this address, so it lies outside of what Swift may move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let keepsContext: Bool
  private var scratch: [UInt8] = []

  /// What a long message took is given back.
  private static let longestKept = 4_096

  /// What an emptied compressor ends with, and each message leaves out.
  static let tail: [UInt8] = [0x00, 0x00, 0xff, 0xff]

  public init(_ terms: CompressionTerms = CompressionTerms()) {
    keepsContext = terms.keepsContext
    stream.initialize(to: z_stream())
    let status = czlib_begin_deflating(stream, CInt(terms.windowBits ?? 15))
    precondition(status == Z_OK, "zlib has no memory for a compressor")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// - Parameter payload: of a message; not empty, since of nothing zlib makes nothing.
  /// - Returns: the payload of the compressed message.
  public func deflate(_ payload: UnsafeRawBufferPointer) -> [UInt8] {
    precondition(!payload.isEmpty)
    if !keepsContext { deflateReset(stream) }
    // All at once: a marker that has no room is begun anew with the next, five bytes longer.
    let room = Int(CZlib.deflateBound(stream, UInt(payload.count))) + 16
    if scratch.count < room { scratch = [UInt8](repeating: 0, count: room) }
    // zlib reads its input and does not change it, and looks at neither of these pointers before they are set again.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: payload.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(payload.count)
    let made = scratch.withUnsafeMutableBufferPointer { space in
      stream.pointee.next_out = space.baseAddress
      stream.pointee.avail_out = UInt32(space.count)
      _ = CZlib.deflate(stream, Z_SYNC_FLUSH)
      return space.count - Int(stream.pointee.avail_out)
    }
    defer { if scratch.count > Self.longestKept { scratch = [] } }
    precondition(stream.pointee.avail_in == 0 && made < scratch.count, "zlib's bound is one")
    return Array(scratch[..<(made - Self.tail.count)])
  }
}
