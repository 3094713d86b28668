import CLibwebsockets
import MessageCompression

/// The compressed messages of one WebSocket, both ways (RFC 7692).
final class SocketCompression {
  private let terms: CompressionTerms
  private lazy var deflater = MessageDeflater(terms)
  private lazy var inflater = MessageInflater()

  init(_ terms: CompressionTerms) {
    self.terms = terms
  }

  /// What it adds to the response that opens the WebSocket, in bytes.
  var openingBytes: Int { "\r\nSec-WebSocket-Extensions: ".utf8.count + terms.member.utf8.count }

  /// The frame that is sent in its place. An empty message is left as it is, which any message may be (RFC 7692,
  /// section 6).
  func compressed(_ frame: Frame) -> Frame {
    switch frame.kind {
    case .text where frame.count > 0, .binary where frame.count > 0:
      let payload = frame.withBytes(framed: false) { deflater.deflate(UnsafeRawBufferPointer($0)) }
      return Frame(frame.kind, payload, isCompressed: true)
    default:
      return frame
    }
  }

  func inflate(_ payload: [UInt8], limit: Int) throws(MessageInflater.Failure) -> [UInt8] {
    try inflater.inflate(payload, limit: limit)
  }
}

/// What libwebsockets is told of the extension: it says in its handshake what was agreed on, and lets the bit of
/// compressed messages pass, which it else takes for a violation. The compressing is ours: its own closes a connection
/// over an empty message, and reads and keeps what it sends in buffers that whoever writes has to know of.
final class CompressionExtension {
  let extensions = UnsafeMutablePointer<lws_extension>.allocate(capacity: 2)
  fileprivate let options = UnsafeMutablePointer<lws_ext_options>.allocate(
    capacity: CompressionTerms.allParameters.count + 1)
  private let name = strdup(CompressionTerms.name)
  private let parameters = CompressionTerms.allParameters.map { strdup($0) }

  init() {
    extensions.initialize(repeating: lws_extension(), count: 2)
    extensions[0].name = UnsafePointer(name)
    extensions[0].callback = libwebsocketsAskedExtension
    options.initialize(repeating: lws_ext_options(), count: parameters.count + 1)
    // A parameter and its value pass for one that has none, which is all that libwebsockets repeats.
    for (place, parameter) in parameters.enumerated() {
      options[place].name = UnsafePointer(parameter)
      options[place].type = EXTARG_NONE
    }
  }

  deinit {
    extensions.deallocate()
    options.deallocate()
    free(name)
    for parameter in parameters { free(parameter) }
  }
}

/// It must not inherit an actor: it runs on the loop's thread.
private nonisolated func libwebsocketsAskedExtension(
  context: OpaquePointer?, extension: UnsafePointer<lws_extension>?, wsi: OpaquePointer?,
  reason: lws_extension_callback_reasons, user: UnsafeMutableRawPointer?, input: UnsafeMutableRawPointer?,
  length: Int
) -> CInt {
  guard reason == LWS_EXT_CB_CONSTRUCT, let context, let owner = lws_context_user(context) else { return 0 }
  // The loop outlives its context.
  let loop = Unmanaged<Loop>.fromOpaque(owner).takeUnretainedValue()
  guard let options = loop.context?.compression.options else { return 1 }
  input?.assumingMemoryBound(to: UnsafePointer<lws_ext_options>?.self).pointee = UnsafePointer(options)
  return 0
}
