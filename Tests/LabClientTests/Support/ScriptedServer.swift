import Answers
import LabClient
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Readings
import Wire

/// A server that says literal bytes: the first request gets the first answer, the second the second, over
/// whatever connections they come.
final class ScriptedServer: Sendable {
  let address: ServerAddress
  private let channel: any Channel
  private let script: Script

  enum Answer: Sendable {
    /// The connection is kept.
    case say(String)
    /// The connection is closed behind it.
    case sayAndClose(String)
    /// The server sends nothing more, but reads on.
    case sayAndEndSending(String)
    /// The connection breaks behind it, without an end.
    case sayAndReset(String)
    /// The handshake of a WebSocket, and these pieces one after the other; what comes then is kept in `sockets`.
    case upgrade([[UInt8]], before: String = "", fields: String = "")
    /// Nothing ever.
    case keepSilent
  }

  final class Script: Sendable {
    let answers: NIOLockedValueBox<[Answer]>
    let requests = NIOLockedValueBox<[String]>([])
    let sockets = NIOLockedValueBox<[[UInt8]]>([])
    let connections = NIOLockedValueBox<[EventLoopFuture<Void>]>([])

    init(_ answers: [Answer]) {
      self.answers = NIOLockedValueBox(answers)
    }
  }

  init(_ answers: [Answer], host: String = "127.0.0.1") async throws {
    let script = Script(answers)
    self.script = script
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        script.connections.withLockedValue { $0.append(channel.closeFuture) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Speaker(script))
        }
      }
      .bind(host: host, port: 0).get()
    address = ServerAddress(host: host, port: channel.localAddress?.port ?? 0)
  }

  /// Heads and bodies, in the order in which they came.
  var requests: [String] { script.requests.withLockedValue { $0 } }

  /// What came on WebSockets, frames and all, once their connections have ended.
  var sockets: [[UInt8]] { script.sockets.withLockedValue { $0 } }

  /// Takes no more connections, and waits for the readers to end those that it has.
  func stop() async throws {
    try await channel.close()
    for connection in script.connections.withLockedValue({ $0 }) { try await connection.get() }
  }
}

private final class Speaker: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let script: ScriptedServer.Script
  private var text = ""
  /// What came since the handshake.
  private var socket: [UInt8]?

  init(_ script: ScriptedServer.Script) {
    self.script = script
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if socket != nil {
      socket?.append(contentsOf: bytes.readableBytesView)
      return
    }
    text += String(buffer: bytes)
    guard let end = text.firstRange(of: "\r\n\r\n")?.upperBound else { return }
    let length = text.firstMatch(of: /Content-Length: (\d+)/).flatMap { Int($0.1) } ?? 0
    guard text[end...].utf8.count >= length else { return }
    let request = text
    script.requests.withLockedValue { $0.append(request) }
    text = ""
    answer(request, context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { context.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let socket { script.sockets.withLockedValue { $0.append(socket) } }
  }

  private func answer(_ request: String, _ context: ChannelHandlerContext) {
    switch script.answers.withLockedValue({ $0.isEmpty ? nil : $0.removeFirst() }) {
    case .say(let answer)?: say(answer, context)
    case .sayAndClose(let answer)?:
      say(answer, context)
      context.close(promise: nil)
    case .sayAndEndSending(let answer)?:
      say(answer, context)
      context.close(mode: .output, promise: nil)
    case .sayAndReset(let answer)?:
      say(answer, context)
      // A linger time of zero breaks the connection instead of ending it.
      _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
      context.close(promise: nil)
    case .upgrade(let pieces, let before, let fields)?:
      socket = []
      say(before + Handshake.answer(to: request, fields: fields), context)
      say(pieces, context)
    case .keepSilent?: break
    case nil: context.close(promise: nil)
    }
  }

  private func say(_ answer: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
  }

  /// Each piece in a turn of its own.
  private func say(_ pieces: [[UInt8]], _ context: ChannelHandlerContext) {
    guard let first = pieces.first else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: first)), promise: nil)
    context.eventLoop.assumeIsolated().execute { self.say(Array(pieces.dropFirst()), context) }
  }
}
