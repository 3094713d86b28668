import MessageCompression
import Testing
import Wire

/// Frames as literal bytes, given whole and in pieces: RFC 6455, sections 5, 7.4 and 8.1, for a client.
@Suite struct SocketDecoderTests {
  /// The parts, texts spelt out.
  private func seen(_ pieces: [[UInt8]], isCompressed: Bool = false) throws -> [String] {
    var decoder = SocketDecoder(isCompressed: isCompressed)
    var seen: [String] = []
    for piece in pieces {
      try piece.withUnsafeBytes { bytes in
        var rest = bytes
        while let part = try decoder.next(&rest) {
          switch part {
          case .text: seen.append("text " + String(decoding: decoder.message, as: UTF8.self))
          case .ping(let payload): seen.append("ping " + String(decoding: payload, as: UTF8.self))
          case .pong: seen.append("pong")
          case .close(let code): seen.append("close \(code.map { "\($0)" } ?? "-")")
          }
        }
        #expect(rest.isEmpty)
      }
    }
    return seen
  }

  private static let streams: [([UInt8], [String])] = [
    // The examples of section 5.7.
    ([0x81, 5] + "Hello".utf8, ["text Hello"]),
    ([0x01, 3] + "Hel".utf8 + [0x80, 2] + "lo".utf8, ["text Hello"]),
    ([0x89, 5] + "Hello".utf8, ["ping Hello"]),
    // Control frames stand between a message's fragments, which may be empty or cut a character.
    (
      [0x01, 2] + "a".utf8 + [0xc3, 0x89, 0, 0x00, 0, 0x8a, 1, 0x21, 0x80, 2, 0xa9] + "b".utf8,
      ["ping ", "pong", "text aéb"]
    ),
    ([0x81, 0, 0x81, 1, 0x78, 0x01, 0, 0x80, 0], ["text ", "text x", "text "]),
    ([0x88, 0], ["close -"]), ([0x88, 2, 3, 0xe8], ["close 1000"]),
    ([0x88, 4, 3, 0xe9, 0xc3, 0xa9], ["close 1001"]),
    ([0x88, 2, 0x11, 0x34], ["close 4404"]),
    // Nothing counts behind a close frame.
    ([0x88, 0, 0x81, 1, 0x78, 0xff, 0xff], ["close -"]),
    (
      [0x81, 126, 1, 0] + Array(repeating: 0x78, count: 256),
      ["text " + String(repeating: "x", count: 256)]
    ),
  ]

  @Test(arguments: streams)
  func `frames are read, cut anywhere`(_ bytes: [UInt8], _ expected: [String]) throws {
    for cut in 0...bytes.count {
      #expect(try seen([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected)
    }
    #expect(try seen(bytes.map { [$0] }) == expected)
  }

  @Test func `a length takes two bytes, or eight`() throws {
    for (length, head) in [
      (65_535, [126, 0xff, 0xff]), (65_536, [127, 0, 0, 0, 0, 0, 1, 0, 0]),
      (SocketDecoder.longestMessage, [127, 0, 0, 0, 0, 0, 0x10, 0, 0]),
    ] as [(Int, [UInt8])] {
      let payload = [UInt8](repeating: 0x78, count: length)
      #expect(try seen([[0x81] + head + payload]).first?.utf8.count == length + 5)
    }
  }

  @Test(
    arguments: [
      // Reserved bits, on a message and on a control frame.
      ([0xc1, 0], 1002), ([0xa1, 0], 1002), ([0x99, 0], 1002),
      // Reserved opcodes.
      ([0x83, 0], 1002), ([0x87, 0], 1002), ([0x8b, 0], 1002), ([0x8f, 0], 1002),
      // Masked.
      ([0x81, 0x81, 1, 2, 3, 4, 5], 1002), ([0x88, 0x80, 1, 2, 3, 4], 1002),
      // Control frames in fragments, or too long.
      ([0x09, 0], 1002), ([0x08, 0], 1002), ([0x89, 126, 0, 126], 1002), ([0x88, 127], 1002),
      // Fragments out of turn.
      ([0x80, 0], 1002), ([0x00, 0], 1002), ([0x01, 1, 0x78, 0x81, 1, 0x78], 1002),
      ([0x81, 1, 0x78, 0x80, 0], 1002),
      // Lengths in more bytes than they take, or past all bounds.
      ([0x81, 126, 0, 125], 1002), ([0x81, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 1002),
      ([0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1009),
      ([0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], 1009), ([0x81, 127, 0, 0, 0, 0, 0, 0x10, 0, 1], 1009),
      // No reader takes them.
      ([0x82, 1, 0], 1003), ([0x02, 1, 0], 1003),
      // Text that is not UTF-8: a lone byte, a surrogate, one that is too long, one that is cut.
      ([0x81, 1, 0xff], 1007), ([0x81, 3, 0xed, 0xa0, 0x80], 1007), ([0x81, 2, 0xc0, 0xaf], 1007),
      ([0x81, 1, 0xc3], 1007), ([0x01, 1, 0xc3, 0x80, 1, 0x78], 1007),
      // Close frames.
      ([0x88, 1, 3], 1002), ([0x88, 2, 0, 0], 1002), ([0x88, 2, 3, 0xe7], 1002), ([0x88, 2, 3, 0xec], 1002),
      ([0x88, 2, 3, 0xed], 1002), ([0x88, 2, 3, 0xee], 1002), ([0x88, 2, 3, 0xf7], 1002),
      ([0x88, 2, 0x0b, 0xb7], 1002), ([0x88, 2, 0x13, 0x88], 1002), ([0x88, 2, 0xff, 0xff], 1002),
      ([0x88, 3, 3, 0xe8, 0xff], 1007), ([0x88, 3, 3, 0xe8, 0xc3], 1007),
    ] as [([UInt8], Int)])
  func `what a server must not send has its close code`(_ bytes: [UInt8], _ code: Int) {
    for pieces in [[bytes], bytes.map { [$0] }] {
      let error = #expect(throws: SocketViolation.self) { try seen(pieces) }
      #expect(error?.closeCode == code)
    }
  }

  @Test func `a message in fragments is bounded as a whole`() {
    let half = [UInt8](repeating: 0x78, count: SocketDecoder.longestMessage / 2)
    let head: [UInt8] = [127, 0, 0, 0, 0, 0, 8, 0, 0]
    let error = #expect(throws: SocketViolation.self) {
      try seen([[0x01] + head + half, [0x00] + head + half, [0x80, 1, 0x78]])
    }
    #expect(error?.closeCode == 1009)
  }

  // RFC 7692, section 7.2.3: its examples, and a plain message between them.
  @Test func `compressed messages are read where they were agreed on`() throws {
    let bytes: [UInt8] =
      [0xc1, 7, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x81, 1, 0x78, 0x41, 3, 0xf2, 0x00, 0x11]
      + [0x89, 0, 0x80, 2, 0x00, 0x00]
    for pieces in [[bytes], bytes.map { [$0] }] {
      #expect(try seen(pieces, isCompressed: true) == ["text Hello", "text x", "ping ", "text Hello"])
    }
    var decoder = SocketDecoder(isCompressed: true)
    try bytes.withUnsafeBytes { bytes in
      var rest = bytes
      var saved: [Int] = []
      while let part = try decoder.next(&rest) { if part == .text { saved.append(decoder.savedBytes) } }
      #expect(saved == [-2, 0, 0])
    }
  }

  @Test func `what compression saved is told, and what it makes is bounded`() throws {
    func read(_ count: Int) throws -> (String, saved: Int) {
      let text = [UInt8](repeating: 0x78, count: count)
      let payload = text.withUnsafeBytes { MessageDeflater().deflate($0) }
      var decoder = SocketDecoder(isCompressed: true)
      let head: [UInt8] =
        payload.count < 126
        ? [UInt8(payload.count)] : [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
      return try ([0xc1] + head + payload).withUnsafeBytes { bytes in
        var rest = bytes
        let part = try decoder.next(&rest)
        #expect(part == .text)
        return (String(decoding: decoder.message, as: UTF8.self), decoder.savedBytes + payload.count)
      }
    }
    #expect(try read(1_000) == (String(repeating: "x", count: 1_000), saved: 1_000))
    let error = #expect(throws: SocketViolation.self) { try read(SocketDecoder.longestMessage + 1) }
    #expect(error?.closeCode == 1009)
  }

  @Test(
    arguments: [
      // On a continuation, on a control frame, with another reserved bit.
      ([0x41, 0, 0xc0, 0], 1002), ([0xc9, 0], 1002), ([0xe1, 0], 1002),
      // No compression, and what is no text.
      ([0xc1, 2, 0xff, 0xff], 1002), ([0xc1, 7, 0x00, 0x01, 0x00, 0xfe, 0xff, 0xff, 0x00], 1007),
    ] as [([UInt8], Int)])
  func `what a server must not compress has its close code`(_ bytes: [UInt8], _ code: Int) {
    let error = #expect(throws: SocketViolation.self) { try seen([bytes], isCompressed: true) }
    #expect(error?.closeCode == code)
  }
}
