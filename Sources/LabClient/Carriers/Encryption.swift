import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import PlainText
import Wire

/// What is spoken behind TLS, by its name there (RFC 7301, section 6; RFC 9113, section 3.1).
package enum ApplicationProtocol: String {
  case http1 = "http/1.1"
  case http2 = "h2"
}

extension ChannelPipeline.SynchronousOperations {
  /// Has everything behind speak over TLS, where the server does. What is behind sees an active channel when the server has
  /// shown who it is.
  package func encrypt(for server: ServerAddress, speaking spoken: ApplicationProtocol) throws {
    guard let trust = server.trust else { return }
    let isAddress = (try? SocketAddress(ipAddress: server.connectHost, port: 0)) != nil
    let context = try EncryptionContexts.context(trusting: trust, speaking: spoken)
    // An address stands in the certificate and not in the greeting (RFC 6066, section 3).
    let encryption = try NIOSSLClientHandler(
      context: context, serverHostname: isAddress ? nil : server.connectHost)
    try addHandlers([encryption, EncryptedStart(speaking: spoken)])
  }
}

/// Holds a channel's beginning back until TLS is spoken on it.
private final class EncryptedStart: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let spoken: ApplicationProtocol
  private var patience: Scheduled<Void>?

  private static let patience = TimeAmount.seconds(10)

  init(speaking spoken: ApplicationProtocol) {
    self.spoken = spoken
  }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    patience = channel.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) {
      channel.pipeline.fireErrorCaught(
        ReadError.unreachable("no TLS handshake within 10 s"))
      channel.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case TLSUserEvent.handshakeCompleted(let chosen) = event else {
      return context.fireUserInboundEventTriggered(event)
    }
    patience?.cancel()
    // Who chooses none speaks HTTP/1.1.
    guard (chosen ?? ApplicationProtocol.http1.rawValue) == spoken.rawValue else {
      context.fireErrorCaught(ReadError.untrusted("the server does not speak HTTP/2"))
      return context.close(promise: nil)
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    patience?.cancel()
    context.fireChannelInactive()
  }
}

extension Trust {
  /// Whether certificates can be told by it.
  /// - Throws: `ReadError`.
  public func check() throws(ReadError) {
    do {
      _ = try EncryptionContexts.context(trusting: self, speaking: .http1)
    } catch {
      throw ReadError(error)
    }
  }
}

/// What has been read of trusted certificates and set up with them: it takes long, and each connection wants it.
private enum EncryptionContexts {
  private struct Key: Hashable {
    let trust: Trust
    let spoken: ApplicationProtocol
  }

  private static let made = NIOLockedValueBox<[Key: NIOSSLContext]>([:])

  static func context(trusting trust: Trust, speaking spoken: ApplicationProtocol) throws -> NIOSSLContext {
    let key = Key(trust: trust, spoken: spoken)
    if let context = made.withLockedValue({ $0[key] }) { return context }
    var configuration = TLSConfiguration.makeClientConfiguration()
    // As browsers do: a server that knows none of what it is offered would end the handshake without a reason that says so.
    configuration.applicationProtocols =
      (spoken == .http2 ? [spoken.rawValue] : []) + [
        ApplicationProtocol.http1.rawValue
      ]
    if case .authority(let file) = trust { configuration.trustRoots = .file(file) }
    // Older ones are deprecated (RFC 8996).
    configuration.minimumTLSVersion = .tlsv12
    // Who leaves says so and closes, as browsers do; nobody waits for the other's word.
    configuration.shutdownTimeout = .zero
    let context = try NIOSSLContext(configuration: configuration)
    made.withLockedValue { $0[key] = context }
    return context
  }
}

extension ReadError {
  /// What TLS says; nil for what is none of it.
  package init?(ofEncryption error: any Error) {
    switch error {
    // The connection ended without the word that ends TLS: what came may have been cut (RFC 8446, section 6.1).
    case NIOSSLError.uncleanShutdown: self = .connectionLost
    case let error as NIOSSLError where error == .handshakeFailed(.sslError([.eofDuringHandshake])):
      self = .connectionLost
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      self = .untrusted("its certificate is for another host")
    case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
      self = .untrusted("\(error)".errorWord ?? "\(error)")
    default: return nil
    }
  }
}
