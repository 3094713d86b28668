import Testing

@testable import MessageCompression

@Suite struct MessageCompressionTests {
  private func deflated(_ text: String, by deflater: MessageDeflater) -> [UInt8] {
    Array(text.utf8).withUnsafeBytes { deflater.deflate($0) }
  }

  private func inflated(_ bytes: [UInt8], by inflater: MessageInflater, limit: Int = 1_000) throws -> String {
    String(decoding: try inflater.inflate(bytes, limit: limit), as: UTF8.self)
  }

  // The examples of RFC 7692, sections 7.2.3.1 to 7.2.3.5.
  @Test func `the standard's own examples are read`() throws {
    let inflater = MessageInflater()
    #expect(try inflated([0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], by: inflater) == "Hello")
    #expect(try inflated([0xf2, 0x00, 0x11, 0x00, 0x00], by: inflater) == "Hello")
    let stored: [UInt8] = [0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00]
    #expect(try inflated(stored, by: MessageInflater()) == "Hello")
    let lastBlock: [UInt8] = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00]
    #expect(try inflated(lastBlock, by: MessageInflater()) == "Hello")
    let twoBlocks: [UInt8] = [
      0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00,
    ]
    #expect(try inflated(twoBlocks, by: MessageInflater()) == "Hello")
    #expect(try inflated([0x00], by: MessageInflater()) == "")
  }

  @Test func `they are written as the standard has them`() {
    let deflater = MessageDeflater()
    #expect(deflated("Hello", by: deflater) == [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00])
    #expect(deflated("Hello", by: deflater) == [0xf2, 0x00, 0x11, 0x00, 0x00])
  }

  @Test func `without a context each message stands alone`() throws {
    var terms = CompressionTerms()
    terms.keepsContext = false
    let deflater = MessageDeflater(terms)
    let first = deflated("Hello", by: deflater)
    #expect(deflated("Hello", by: deflater) == first)
    #expect(try inflated(first, by: MessageInflater()) == "Hello")
  }

  @Test(arguments: [9, 12, 15])
  func `long messages come through, within any window`(_ bits: Int) throws {
    var terms = CompressionTerms()
    terms.windowBits = bits
    let (deflater, inflater) = (MessageDeflater(terms), MessageInflater())
    for number in 1...20 {
      let text = (0..<number * 300).map { String($0 &* 2_654_435_761 % 977, radix: 36) }.joined()
      #expect(try inflated(deflated(text, by: deflater), by: inflater, limit: 1_000_000) == text)
    }
  }

  @Test func `a message that is cut short is none`() throws {
    let hello: [UInt8] = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
    for count in 0..<hello.count {
      #expect(throws: MessageInflater.Failure.malformed, "\(count) bytes") {
        try MessageInflater().inflate(Array(hello[..<count]), limit: 100)
      }
    }
  }

  /// A marker that finds no room at its beginning comes twice.
  @Test func `no length makes a message longer than it need be`() throws {
    var generator = SystemRandomNumberGenerator()
    let deflater = MessageDeflater()
    let inflater = MessageInflater()
    for count in 1...700 {
      let random = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let payload = random.withUnsafeBytes { deflater.deflate($0) }
      #expect(!payload.suffix(5).elementsEqual([0x00, 0x00, 0x00, 0xff, 0xff]))
      #expect(payload.count <= MessageInflater.longestPayload(of: count))
      #expect(try inflater.inflate(payload, limit: count) == random)
    }
  }

  @Test func `what is no compression is told from what is too long`() {
    #expect(throws: MessageInflater.Failure.malformed) {
      try MessageInflater().inflate([0xff, 0xff, 0xff, 0xff], limit: 10)
    }
    let bomb = deflated(String(repeating: "x", count: 10_000_000), by: MessageDeflater())
    #expect(bomb.count < 20_000)
    #expect(throws: MessageInflater.Failure.tooLong) {
      try MessageInflater().inflate(bomb, limit: 1_000_000)
    }
  }
}
