import Foundation
import NIOCore
import NIOPosix

/// A reader's connection and the one to the server that belongs to it, confined to their loop.
final class LinkedConnection {
  private let link: Link
  private let reader: any Channel
  private let server: any Channel
  private var stage = Stage.passing

  private enum Stage {
    case passing
    /// The reader has got the end; what the server still says is dropped until the reader closes.
    case halfClosed
    /// Nothing passes until the reader closes.
    case stalled
    case over
  }

  init(_ link: Link, reader: any Channel, server: any Channel) {
    self.link = link
    self.reader = reader
    self.server = server
  }

  func took(_ bytes: ByteBuffer, from end: LinkEnd.Side) {
    switch (end, stage) {
    case (.reader, .passing), (.reader, .halfClosed): server.writeAndFlush(bytes, promise: nil)
    case (.server, .passing): passDown(bytes)
    default: break
    }
  }

  func ended(_ end: LinkEnd.Side) {
    if end == .reader || stage == .passing { close() }
  }

  func close() {
    guard stage != .over else { return }
    stage = .over
    link.forget(self)
    reader.close(promise: nil)
    server.close(promise: nil)
  }

  private func passDown(_ bytes: ByteBuffer) {
    guard let (fault, passing) = link.find(in: bytes.readableBytesView) else {
      reader.writeAndFlush(bytes, promise: nil)
      return
    }
    var bytes = bytes
    if let slice = bytes.readSlice(length: passing) { reader.writeAndFlush(slice, promise: nil) }
    link.count(fault)
    commit(fault)
  }

  private func commit(_ fault: Fault) {
    switch fault {
    case .reset:
      reset()
    case .halfClose:
      stage = .halfClosed
      reader.close(mode: .output, promise: nil)
    case .cutInToken:
      if link.cutResets() { reset() } else { close() }
    case .stall:
      stage = .stalled
      // What comes stays with the kernel, as it would on a way that leads nowhere.
      for channel in [reader, server] { try? channel.syncOptions?.setOption(.autoRead, value: false) }
    case .refuse:
      link.refuse()
      reset()
    }
  }

  /// Without time to linger, closing is a reset (socket(7), SO_LINGER).
  private func reset() {
    for channel in [reader, server] {
      (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        .whenFailure { _ in }
    }
    close()
  }
}

/// One end of a linked connection.
final class LinkEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  enum Side {
    case reader
    case server
  }

  private let connection: LinkedConnection
  private let side: Side

  init(_ connection: LinkedConnection, _ side: Side) {
    self.connection = connection
    self.side = side
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connection.took(unwrapInboundIn(data), from: side)
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection.ended(side)
  }

  /// A reset from an end is that connection's end, which is told apart from none other here.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
