import LabClient
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import TokenStream
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
    /// Nothing ever.
    case keepSilent
  }

  final class Script: Sendable {
    let answers: NIOLockedValueBox<[Answer]>
    let requests = NIOLockedValueBox<[String]>([])

    init(_ answers: [Answer]) {
      self.answers = NIOLockedValueBox(answers)
    }
  }

  init(_ answers: [Answer]) async throws {
    let script = Script(answers)
    self.script = script
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Speaker(script))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    address = ServerAddress(host: "127.0.0.1", port: channel.localAddress?.port ?? 0)
  }

  /// Heads and bodies, in the order in which they came.
  var requests: [String] { script.requests.withLockedValue { $0 } }

  func stop() async throws {
    try await channel.close()
  }
}

private final class Speaker: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let script: ScriptedServer.Script
  private var text = ""

  init(_ script: ScriptedServer.Script) {
    self.script = script
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    text += String(buffer: unwrapInboundIn(data))
    guard let end = text.firstRange(of: "\r\n\r\n")?.upperBound else { return }
    let length = text.firstMatch(of: /Content-Length: (\d+)/).flatMap { Int($0.1) } ?? 0
    guard text[end...].utf8.count >= length else { return }
    script.requests.withLockedValue { $0.append(text) }
    text = ""
    switch script.answers.withLockedValue({ $0.isEmpty ? nil : $0.removeFirst() }) {
    case .say(let answer)?: say(answer, context)
    case .sayAndClose(let answer)?:
      say(answer, context)
      context.close(promise: nil)
    case .keepSilent?: break
    case nil: context.close(promise: nil)
    }
  }

  private func say(_ answer: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
  }
}
