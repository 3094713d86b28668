/// Reads the responses on one connection, in place and however they were cut on the way (RFC 9112).
public struct ResponseDecoder: Sendable {
  /// What a response is made of, in order.
  public enum Part {
    /// Something was announced; the answer is still to come.
    case interim(ReceivedHead)
    /// The answer's head. Where it is 101, everything behind it is a body that never ends.
    case head(ReceivedHead)
    /// A run of the body's own bytes, valid as long as the bytes that were given.
    case body(UnsafeRawBufferPointer)
    /// The answer is whole.
    case end
    /// Bytes behind a whole answer: no request asked for them (RFC 9112, section 9.2).
    case unasked
  }

  /// The longest head that is read, in bytes.
  public static let longestHead = 65_536

  private enum State: Sendable {
    case idle
    case head
    case length(left: Int)
    case chunked
    case untilClose
    case upgraded
  }

  private var state = State.idle
  private var allowsUpgrade = false
  /// What has come of a head, and where its last line begins.
  private var head: [UInt8] = []
  private var lineStart = 0
  private var chunks = ChunkDecoder()

  public init() {}

  /// A request was sent: its answer is the next. One at a time.
  /// - Parameter allowsUpgrade: the request offered another protocol, so that 101 is an answer.
  public mutating func expect(allowsUpgrade: Bool = false) {
    state = .head
    self.allowsUpgrade = allowsUpgrade
  }

  /// The connection has ended without an error.
  /// - Returns: whether the answer that was being read is whole by that.
  public mutating func endOfConnection() -> Bool {
    guard case .untilClose = state else { return false }
    state = .idle
    return true
  }

  /// Takes the next part off the bytes.
  /// - Returns: nil where more has to come.
  /// - Throws: `MalformedResponse`; nothing that follows can be read.
  public mutating func next(_ bytes: inout UnsafeRawBufferPointer) throws(MalformedResponse) -> Part? {
    switch state {
    case .idle:
      // An empty line too many does no harm.
      while let byte = bytes.first, byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") {
        bytes.removePrefix(1)
      }
      guard !bytes.isEmpty else { return nil }
      bytes.removePrefix(bytes.count)
      return .unasked
    case .head:
      guard try takeHead(&bytes) else { return nil }
      return try part(of: ReceivedHead(head))
    case .length(0):
      return end()
    case .length(let left):
      let run = bytes.removePrefix(min(left, bytes.count))
      state = .length(left: left - run.count)
      return run.isEmpty ? nil : .body(run)
    case .chunked:
      do throws(ChunkDecoder.Malformed) {
        if let run = try chunks.next(&bytes) { return .body(run) }
      } catch {
        throw MalformedResponse("a chunk that is none")
      }
      return chunks.isDone ? end() : nil
    case .untilClose, .upgraded:
      let run = bytes.removePrefix(bytes.count)
      return run.isEmpty ? nil : .body(run)
    }
  }

  private mutating func end() -> Part {
    state = .idle
    return .end
  }

  /// - Returns: whether a head is whole.
  private mutating func takeHead(_ bytes: inout UnsafeRawBufferPointer) throws(MalformedResponse) -> Bool {
    if lineStart == 0, head.last == UInt8(ascii: "\n") { head.removeAll(keepingCapacity: true) }
    while !bytes.isEmpty {
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
      head.append(contentsOf: bytes.removePrefix(end.map { $0 + 1 } ?? bytes.count))
      guard head.count <= Self.longestHead else {
        throw MalformedResponse("a head of more than \(Self.longestHead) bytes")
      }
      guard end != nil else { return false }
      let line = head[lineStart...]
      let isEmpty = line.elementsEqual("\n".utf8) || line.elementsEqual("\r\n".utf8)
      if isEmpty, lineStart > 0 {
        lineStart = 0
        return true
      }
      // Empty lines before a head are passed over.
      if isEmpty { head.removeAll(keepingCapacity: true) }
      lineStart = head.count
    }
    return false
  }

  private mutating func part(of head: ReceivedHead) throws(MalformedResponse) -> Part {
    if head.isInterim { return .interim(head) }
    if head.status == 101 {
      guard allowsUpgrade else {
        throw MalformedResponse("101 in answer to a request that offered no other protocol")
      }
      state = .upgraded
      return .head(head)
    }
    switch try head.body {
    case .length(let length): state = .length(left: length)
    case .untilClose: state = .untilClose
    case .chunked:
      chunks = ChunkDecoder()
      state = .chunked
    }
    return .head(head)
  }
}

extension UnsafeRawBufferPointer {
  /// Takes so many bytes off the front.
  @discardableResult
  mutating func removePrefix(_ count: Int) -> UnsafeRawBufferPointer {
    let front = UnsafeRawBufferPointer(rebasing: self[..<count])
    self = UnsafeRawBufferPointer(rebasing: self[count...])
    return front
  }
}
