import Foundation
import NIOCore
import NIOHTTP1

/// A response's head as it stands on the wire, where what follows is not HTTP's to read.
struct RawHead {
  let text: String
  private let lines: [Substring]

  /// - Parameter text: through the empty line.
  init(_ text: String) {
    self.text = text
    lines = text.split(separator: "\r\n")
  }

  /// Takes a head off what has come. The HTTP decoder would do so too, but gives what stands behind it away a
  /// turn later, and not at all where the connection was lost meanwhile.
  /// - Returns: nil while it is not whole.
  init?(from bytes: inout ByteBuffer) {
    guard let end = bytes.readableBytesView.firstRange(of: "\r\n\r\n".utf8)?.upperBound else { return nil }
    self.init(String(decoding: bytes.readableBytesView[..<end], as: UTF8.self))
    bytes.moveReaderIndex(to: end)
  }

  var status: Int { words.count > 1 ? Int(words[1]) ?? 0 : 0 }

  /// The first field of that lower-case name.
  func field(_ name: String) -> String? { fields.first { $0.0.lowercased() == name }?.1 }

  /// What it says to who wanted another status.
  var refusal: ReadError {
    .refused(
      status: status, body: words.count > 2 ? String(words[2]) : "",
      retryAfter: field("retry-after").flatMap { RetryAfter.delay($0) })
  }

  /// The same for NIO.
  var parsed: HTTPResponseHead {
    HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: HTTPHeaders(fields))
  }

  private var words: [Substring] { lines.first?.split(separator: " ", maxSplits: 2) ?? [] }

  private var fields: [(String, String)] {
    lines.dropFirst().compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      return parts.count == 2 ? (String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces)) : nil
    }
  }
}
