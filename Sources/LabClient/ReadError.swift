import Foundation
import MonotonicTime
import NIOCore
import NIOHTTP2
import PlainText
import Wire

/// What a connection cannot go on after.
public enum ReadError: Error, CustomStringConvertible {
  /// `retryAfter` is what the server asked for in the field of that name.
  case refused(status: Int, body: String, retryAfter: Duration? = nil)
  case unreachable(String)
  /// TLS could not be spoken with it, or it did not show who it is.
  case untrusted(String)
  case malformed(String)
  case connectionLost
  /// The response ended before the stream did, and said why.
  case dismissed(words: String)
  /// No byte came for so long while an answer was due.
  case silent(Duration)
  /// A WebSocket's closing handshake before the stream's end (RFC 6455, section 7.4); nil without a code. `words` are
  /// the server's, of a question that it refused.
  case closed(code: Int?, words: String? = nil)
  case timedOut
  /// Whoever gave the answer could not go on; the server's words say why.
  case answerFailed(words: String)
  /// The server holds another text under the question than the one that was being read.
  case otherAnswer(epoch: String)

  /// What the lab's own server says in an error's body, or all of another server's.
  private static func words(in body: String) -> String {
    (try? JSONDecoder().decode(ErrorBody.self, from: Data(body.utf8)))?.error ?? body
  }

  /// In one line, whatever the server or a proxy said.
  public var description: String {
    switch self {
    case .refused(let status, let body, _): "the server answered \(status): \(Self.words(in: body).inBrief)"
    case .unreachable(let why): "the server cannot be reached: \(why.inBrief)"
    case .untrusted(let why): "TLS failed: \(why.inBrief)"
    case .malformed(let what): "the server sent what the transport does not allow: \(what.inBrief)"
    case .connectionLost: "the connection ended before the stream did"
    case .dismissed(let words): "the server ended the response: \(Self.words(in: words).inBrief)"
    case .silent(let duration): "nothing arrived on the connection for \(duration.inSeconds) s"
    case .closed(let code, let words):
      "the WebSocket was closed with \(code.map { "\($0)" } ?? "no code")\(words.map { ": \($0.inBrief)" } ?? "")"
    case .answerFailed(let words): "the answer failed: \(Self.words(in: words).inBrief)"
    case .timedOut: "the stream did not end within the time its schedule allows"
    case .otherAnswer(let epoch): "the server has a different answer from that of epoch \(epoch.inBrief)"
    }
  }

  /// What NIO says of a connection, in the lab's terms.
  init(_ error: any Error) {
    switch error {
    case let error as ReadError: self = error
    case let error as MalformedResponse: self = .malformed(error.description)
    case is IOError: self = .connectionLost
    case is ChannelError, is NIOHTTP2Errors.StreamClosed: self = .connectionLost
    default: self = ReadError(ofEncryption: error) ?? .malformed("\(error)")
    }
  }

  /// A status other than the one wanted.
  /// - Parameter body: what it says; nil takes the status line's words.
  init(refusedBy head: ReceivedHead, body: String? = nil) {
    self = .refused(
      status: head.status, body: body ?? head.reason,
      retryAfter: head.field("retry-after").flatMap { RetryAfter.delay($0) })
  }
}

extension ReadError {
  /// What a loss means for who wants to come back.
  enum Meaning: Equatable {
    /// May be over soon.
    case passing
    /// The server knows no such stream: it was started anew, or the stream expired.
    case streamUnknown
    /// The server has another text.
    case otherEpoch
    /// Trying again would end the same way.
    case final
  }

  /// - Parameters:
  ///   - transport: how the stream is read.
  ///   - isAsking: it came in answer to the question, not to reading.
  func meaning(reading transport: Transport, isAsking: Bool) -> Meaning {
    if !isAsking, let own = transport.reader.meaning(of: self) { return own }
    return switch self {
    case .connectionLost, .dismissed, .unreachable, .silent, .closed: .passing
    case .malformed, .untrusted, .timedOut, .answerFailed, .otherAnswer: .final
    case .refused(409, _, _): .otherEpoch
    case .refused(204, _, _), .refused(404, _, _): isAsking ? .final : .streamUnknown
    case .refused(408, _, _), .refused(429, _, _): .passing
    case .refused(500, _, _), .refused(502, _, _), .refused(503, _, _), .refused(504, _, _): .passing
    case .refused: .final
    }
  }
}

extension ReceivedHead {
  /// Why it is not the answer that a stream's reader asked for, as an EventSource judges it (WHATWG HTML, section 9.2.3);
  /// nil if it is.
  func error(unless mediaType: String) -> ReadError? {
    guard status == 200 else { return ReadError(refusedBy: self) }
    // Parameters, such as a charset, may follow.
    let type = field("content-type")?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
    guard type?.lowercased() == mediaType else {
      return .malformed("an answer whose Content-Type is not \(mediaType)")
    }
    return nil
  }
}
