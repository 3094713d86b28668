import NIOCore

/// Counts the frames of HTTP/2 that carry heads: HEADERS and CONTINUATION, with the nine bytes before each (RFC 9113, sections
/// 4.1, 6.2 and 6.10). Sits where they are in the clear.
final class HeadFrames: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  // A client's first bytes are no frame (RFC 9113, section 3.4).
  private var sent = HeadFrameCount(behind: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8.count)
  private var received = HeadFrameCount()

  /// Bytes since the counting began.
  var up: Int { sent.bytes }
  var down: Int { received.bytes }

  /// What came before does not count.
  func start() {
    sent.bytes = 0
    received.bytes = 0
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received.take(unwrapInboundIn(data).readableBytesView)
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    sent.take(unwrapOutboundIn(data).readableBytesView)
    context.write(data, promise: promise)
    guard sent.hasGoAway else { return }
    // Whoever says that the connection is in error closes it then (RFC 9113, section 5.4.1).
    let channel = context.channel
    context.eventLoop.execute { channel.close(promise: nil) }
  }
}

/// Goes through frames however they were cut.
struct HeadFrameCount {
  var bytes = 0
  /// A GOAWAY was among them (RFC 9113, section 6.8).
  private(set) var hasGoAway = false
  /// What is left of something that is not looked into.
  private var left: Int
  private var start: [UInt8] = []

  /// - Parameter count: bytes before the first frame.
  init(behind count: Int = 0) {
    left = count
  }

  mutating func take(_ view: some RandomAccessCollection<UInt8>) {
    var rest = view[...]
    while !rest.isEmpty {
      let passed = min(left, rest.count)
      left -= passed
      rest = rest.dropFirst(passed)
      let wanted = rest.prefix(9 - start.count)
      start.append(contentsOf: wanted)
      rest = rest.dropFirst(wanted.count)
      guard start.count == 9 else { return }
      let length = Int(start[0]) << 16 | Int(start[1]) << 8 | Int(start[2])
      if start[3] == 1 || start[3] == 9 { bytes += 9 + length }
      if start[3] == 7 { hasGoAway = true }
      left = length
      start.removeAll(keepingCapacity: true)
    }
  }
}
