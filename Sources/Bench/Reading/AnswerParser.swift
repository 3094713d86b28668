/// Why an answer could not be read.
enum AnswerProblem: Error, Hashable, CustomStringConvertible {
  /// A status other than those that were to come.
  case status(Int)
  /// No length that this parser knows: it reads `Content-Length` alone.
  case unknownLength
  case malformed

  var description: String {
    switch self {
    case .status(let status): "answered with \(status)"
    case .unknownLength: "answered a poll without Content-Length"
    case .malformed: "answered with something that is no HTTP/1.1 response"
    }
  }
}

/// The answers on one connection, byte after byte (RFC 9112, section 6): as much of HTTP as the servers of the
/// bench need. Bytes may be cut anywhere.
struct AnswerParser {
  /// How an answer ends.
  enum Ending: Sendable {
    /// With the connection: an event stream, or a WebSocket. All after the head is body.
    case never
    /// After as many bytes as it says; 204 and 304 have none.
    case counted
  }

  private let ending: Ending
  private var head: [UInt8] = []
  /// Of the body; nil in the head.
  private var remaining: Int?

  /// What the last head said.
  private(set) var status = 0
  private(set) var lastModified: [UInt8] = []
  private(set) var etag: [UInt8] = []

  init(_ ending: Ending) {
    self.ending = ending
  }

  /// Whether a head has come, and what follows goes on with its body.
  var isInBody: Bool { remaining != nil }

  /// Takes bytes up to the end of an answer.
  /// - Parameter body: is given pieces of the body.
  /// - Returns: how many bytes were taken, and whether an answer has ended with them.
  mutating func take(_ bytes: UnsafeRawBufferPointer, body: (UnsafeRawBufferPointer) -> Void)
    throws(AnswerProblem) -> (count: Int, isComplete: Bool)
  {
    var taken = 0
    if remaining == nil {
      taken = takeHead(bytes)
      guard hasWholeHead else { return (taken, false) }
      remaining = try readHead()
      head.removeAll(keepingCapacity: true)
    }
    let count = min(remaining!, bytes.count - taken)
    if count > 0 { body(UnsafeRawBufferPointer(rebasing: bytes[taken..<(taken + count)])) }
    if ending == .never { return (taken + count, false) }
    remaining! -= count
    guard remaining == 0 else { return (taken + count, false) }
    remaining = nil
    return (taken + count, true)
  }

  private var hasWholeHead: Bool { head.suffix(4).elementsEqual("\r\n\r\n".utf8) }

  private mutating func takeHead(_ bytes: UnsafeRawBufferPointer) -> Int {
    var taken = 0
    for byte in bytes {
      head.append(byte)
      taken += 1
      if byte == UInt8(ascii: "\n"), hasWholeHead { break }
    }
    return taken
  }

  /// - Returns: the length of the body.
  private mutating func readHead() throws(AnswerProblem) -> Int {
    let lines = head.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first, first.starts(with: "HTTP/1.1 ".utf8), first.count >= 12 else {
      throw .malformed
    }
    status = first[(first.startIndex + 9)..<(first.startIndex + 12)].reduce(0) { $0 * 10 + Int($1) - 48 }
    var length: Int?
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let value = line[(colon + 1)...].drop { $0 == 32 }.prefix { $0 != 13 }
      // Told apart by their lengths first, which is cheaper than comparing all.
      switch colon - line.startIndex {
      case 14 where line.prefix(14).isField("content-length"):
        // As long as any answer of the bench's, and no number that overflows.
        guard value.count < 16, value.allSatisfy({ (48...57).contains($0) }) else { throw .malformed }
        length = value.reduce(0) { $0 * 10 + Int($1) - 48 }
      case 13 where line.prefix(13).isField("last-modified"): lastModified = Array(value)
      case 4 where line.prefix(4).isField("etag"): etag = Array(value)
      default: break
      }
    }
    if ending == .never { return .max }
    if status == 304 || status == 204 { return 0 }
    guard let length else { throw .unknownLength }
    return length
  }
}

extension ArraySlice<UInt8> {
  /// Field names are equal whatever their case (RFC 9110, section 5.1); all here are letters and hyphens.
  fileprivate func isField(_ name: StaticString) -> Bool {
    zip(indices, 0..<name.utf8CodeUnitCount).allSatisfy { self[$0] | 0x20 == name.utf8Start[$1] }
  }
}
