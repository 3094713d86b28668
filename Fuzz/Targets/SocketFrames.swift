import FuzzSupport
import MessageCompression
import Wire

/// What a server sends on a WebSocket, plain and compressed, and what is offered and answered about compression.
@main struct SocketFrames {
  static func main() {
    Fuzzer.run { input in
      checkFrames(input, isCompressed: false)
      checkFrames(input, isCompressed: true)
      checkRoundTrip(input)
      checkTerms(String(decoding: input, as: UTF8.self))
    }
  }

  private static func checkFrames(_ input: [UInt8], isCompressed: Bool) {
    let whole = read([input], isCompressed: isCompressed)
    require(read(input.map { [$0] }, isCompressed: isCompressed) == whole, "cut into bytes, other parts come")
    for text in whole {
      require(text.utf8.count <= SocketDecoder.longestMessage + 10, "a message of \(text.utf8.count) bytes")
    }
  }

  private static func read(_ pieces: [[UInt8]], isCompressed: Bool) -> [String] {
    var decoder = SocketDecoder(isCompressed: isCompressed)
    var parts: [String] = []
    do throws(SocketViolation) {
      for piece in pieces {
        try piece.withUnsafeBufferPointer { (bytes) throws(SocketViolation) in
          var rest = UnsafeRawBufferPointer(bytes)
          while let part = try decoder.next(&rest) {
            parts.append(part == .text ? String(decoding: decoder.message, as: UTF8.self) : "\(part)")
          }
        }
      }
    } catch {
      requireOneLine(error.description)
      parts.append("fails: \(error.closeCode)")
    }
    return parts
  }

  private static func checkRoundTrip(_ input: [UInt8]) {
    guard !input.isEmpty else { return }
    let (deflater, inflater) = (MessageDeflater(), MessageInflater())
    for _ in 0..<2 {
      let payload = input.withUnsafeBytes { deflater.deflate($0) }
      require(payload.count <= MessageInflater.longestPayload(of: input.count), "a payload that is too long")
      require((try? inflater.inflate(payload, limit: input.count)) == input, "another message comes back")
    }
  }

  private static func checkTerms(_ text: String) {
    let members = text.split(separator: ",").map(String.init)
    guard let terms = CompressionTerms(offers: members) else { return }
    require(CompressionTerms(answer: [terms.member]) == terms, "\(terms.member) does not answer \(text)")
  }
}
