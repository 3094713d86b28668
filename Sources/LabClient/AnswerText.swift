import Wire

/// An answer that is read as a whole: its head, and its body as text.
struct AnswerText {
  let head: ReceivedHead
  private(set) var body: [UInt8] = []

  /// The longest body that is read, in bytes.
  static let longest = 1 << 20

  init(_ head: ReceivedHead) {
    self.head = head
  }

  /// - Throws: `ReadError` where the body grows too long.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(ReadError) {
    guard body.count + bytes.count <= Self.longest else {
      throw .malformed("an answer of more than \(Self.longest) bytes")
    }
    body.append(contentsOf: bytes)
  }

  /// The body of an answer that grants what was asked for.
  /// - Throws: `ReadError`.
  var text: String {
    get throws(ReadError) {
      let text = String(decoding: body, as: UTF8.self)
      guard (200..<300).contains(head.status) else {
        // What was coded says nothing to a person; then the status line does.
        let isReadable = !body.isEmpty && head.contentCoding == nil
        throw ReadError(refusedBy: head, body: isReadable ? text : nil)
      }
      if let error = head.codingError { throw error }
      return text
    }
  }
}

extension ReceivedHead {
  /// How the content was coded, where it was.
  fileprivate var contentCoding: String? {
    let codings = list("content-encoding").filter { $0 != "identity" }
    return codings.isEmpty ? nil : codings.joined(separator: ", ")
  }

  /// No reader asks for a coding of the content or can undo it (RFC 9110, section 8.4).
  var codingError: ReadError? {
    contentCoding.map { .malformed("a content coding that was not asked for: \($0)") }
  }
}
