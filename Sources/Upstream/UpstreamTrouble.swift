import AsyncHTTPClient
import Glibc
import MonotonicTime
import NIOCore
import NIOPosix
import NIOSSL
import PlainText

/// What went wrong on the way to a model, in words that stand behind its name.
struct UpstreamTrouble {
  let words: String

  /// - Parameter silence: how long it may say nothing.
  init(_ error: any Error, _ silence: Duration) {
    switch error {
    case let error as HTTPClientError where error == .readTimeout:
      words = "said nothing for \(silence.inWords)"
    case let error as HTTPClientError where error == .connectTimeout:
      words = "cannot be reached: the connection was not accepted in time"
    case let error as HTTPClientError where error == .remoteConnectionClosed:
      words = "closed the connection before the answer's end"
    case is NIOSSLError, is BoringSSLError:
      words = "cannot be spoken to over TLS: \("\(error)".errorWord ?? "the handshake failed")"
    case let error as NIOSSLExtraError:
      words = "cannot be spoken to over TLS: \(error.description)"
    case let error as NIOConnectionError:
      let first =
        error.connectionErrors.first.map { "\($0.error)" } ?? error.dnsAError.map { "\($0)" } ?? "no address"
      words = "cannot be reached: \(first)"
    case let error as IOError where Self.unreachable.contains(error.errnoCode):
      words = "cannot be reached: \(String(cString: strerror(error.errnoCode)))"
    case let error as IOError where error.errnoCode == EMFILE:
      words = "cannot be asked: this process has as many files open as it may; raise 'ulimit -n'"
    case let error as IOError:
      words = "broke the connection: \(String(cString: strerror(error.errnoCode)))"
    default:
      words = "cannot be read: \(error)"
    }
  }

  private static let unreachable = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT]
}

extension Duration {
  /// Whole where it is.
  fileprivate var inWords: String {
    components.attoseconds == 0 ? "\(components.seconds) s" : "\(inSeconds.text) s"
  }
}
