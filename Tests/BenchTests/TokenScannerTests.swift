import Testing

@testable import Bench

/// The indices found in bytes that come in pieces.
private func indices(_ pieces: [UInt8]...) -> [Int] {
  var scanner = TokenScanner()
  var found: [Int] = []
  for piece in pieces { piece.withUnsafeBytes { scanner.scan($0) { found.append($0) } } }
  return found
}

@Suite struct TokenScannerTests {
  /// An event, a chunked event with an ID, a WebSocket frame, and a page of two.
  static let framings: [(String, [UInt8], [Int])] = [
    ("event", Array("data: {\"index\":7,\"token\":\" a\"}\n\n".utf8), [7]),
    ("chunk", Array("2a\r\nid: 0123:10\ndata: {\"index\":10,\"token\":\"b\"}\n\n\r\n".utf8), [10]),
    ("message", [0x81, 0x1b] + Array("{\"index\":123,\"token\":\" ab\"}".utf8), [123]),
    (
      "page",
      Array(#"{"tokens":[{"index":0,"token":"a"},{"index":1,"token":"b"}],"next":2,"done":false}"#.utf8),
      [0, 1]
    ),
  ]

  @Test("Finds tokens in every framing", arguments: framings)
  func framing(_ name: String, _ bytes: [UInt8], _ expected: [Int]) {
    #expect(indices(bytes) == expected)
  }

  @Test("Finds them wherever the bytes are cut", arguments: framings)
  func cut(_ name: String, _ bytes: [UInt8], _ expected: [Int]) {
    for cut in 0...bytes.count {
      #expect(indices(Array(bytes[..<cut]), Array(bytes[cut...])) == expected, "cut at \(cut)")
    }
    var scanner = TokenScanner()
    var found: [Int] = []
    for byte in bytes { [byte].withUnsafeBytes { scanner.scan($0) { found.append($0) } } }
    #expect(found == expected)
  }

  @Test("A mark in a token's text is escaped, and is none")
  func escaped() {
    #expect(indices(Array(#"{"index":3,"token":"\"index\":4,"}"#.utf8)) == [3])
  }

  @Test("A mark may begin with the quote that ended what looked like one")
  func overlap() {
    #expect(indices(Array(#""index"index":5,"#.utf8)) == [5])
  }

  @Test("A mark without a number is none")
  func noNumber() {
    #expect(indices(Array(#"{"index":,"index":6}"#.utf8)) == [6])
  }
}
