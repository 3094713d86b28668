import Testing
import Wire

/// What a parser makes of a stream, which must not depend on how the bytes are cut: it is read whole, in two
/// pieces cut at every position with an empty one between them, and byte by byte.
struct ParsedStream: Equatable {
  var events: [ServerSentEvent]
  var lastEventID: String
  var reconnectionTime: Duration?

  init(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    self.init(bytes: Array(text.utf8), sourceLocation: sourceLocation)
  }

  init(bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
    self.init(pieces: [bytes[...]])
    for cut in bytes.indices {
      let cutThere = Self(pieces: [bytes[..<cut], [], bytes[cut...]])
      #expect(cutThere == self, "cut before byte \(cut)", sourceLocation: sourceLocation)
    }
    let bytewise = Self(pieces: bytes.map { [$0] })
    #expect(bytewise == self, "byte by byte", sourceLocation: sourceLocation)
  }

  private init(pieces: [ArraySlice<UInt8>]) {
    var parser = EventStreamParser()
    events = pieces.flatMap { parser.feed($0) }
    lastEventID = parser.lastEventID
    reconnectionTime = parser.reconnectionTime
  }

  var data: [String] { events.map(\.data) }
  var names: [String] { events.map(\.name) }
  var ids: [String] { events.map(\.lastEventID) }
}
