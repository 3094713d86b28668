import FuzzSupport
import MonotonicTime
import Wire

/// The event stream parser: what it reads is what the standard's steps give, does not depend on how the bytes are
/// cut, and comes back the same once it is encoded again.
@main struct EventStream {
  static func main() {
    Fuzzer.runCut(reading: Read.init) { bytes, whole in
      require(whole.events.map(utf8) == events(of: bytes).map(utf8), "the standard's steps give other events")
      for event in whole.events { check(event) }
      let milliseconds = whole.reconnectionTime.map { $0.inNanoseconds / 1_000_000 } ?? 0
      require(milliseconds >= 0, "a negative reconnection time")
    }
  }

  private static func check(_ event: ServerSentEvent) {
    require(!event.name.isEmpty, "an event without a name")
    let ends: (UInt8) -> Bool = { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    require(!event.name.utf8.contains(where: ends), "a name of several lines")
    require(!event.lastEventID.utf8.contains { ends($0) || $0 == 0 }, "an ID that no stream can carry")
    require(!event.data.utf8.contains(UInt8(ascii: "\r")), "a carriage return in the data")
    let again = ServerSentEvent.encode(name: event.name, id: event.lastEventID, data: Array(event.data.utf8))
    require(Read([again[...]]).events.map(utf8) == [utf8(event)], "encoded again it reads otherwise")
  }

  /// The standard's steps as plainly as they can be put: on the whole text, decoded before it is cut into lines.
  private static func events(of bytes: [UInt8]) -> [ServerSentEvent] {
    var text = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    if text.first == "\u{feff}" { text = text.dropFirst() }
    var unified: [Unicode.Scalar] = []
    for (index, scalar) in zip(text.indices, text) {
      if scalar == "\n", index > text.startIndex, text[text.index(before: index)] == "\r" { continue }
      unified.append(scalar == "\r" ? "\n" : scalar)
    }
    var events: [ServerSentEvent] = []
    var (name, data, id) = ("", "", "")
    for line in unified.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.isEmpty {
        if !data.isEmpty {
          data.unicodeScalars.removeLast()
          events.append(ServerSentEvent(name: name.isEmpty ? "message" : name, data: data, lastEventID: id))
        }
        (name, data) = ("", "")
        continue
      }
      let field = line.prefix { $0 != ":" }
      var value = line[field.endIndex...].dropFirst()
      if value.first == " " { value = value.dropFirst() }
      switch Array(field) {
      case Array("event".unicodeScalars): name = string(value)
      case Array("data".unicodeScalars): data += string(value) + "\n"
      case Array("id".unicodeScalars) where !value.contains("\0"): id = string(value)
      default: break
      }
    }
    return events
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }

  /// Bytes, because equal strings may differ in theirs.
  private static func utf8(_ event: ServerSentEvent) -> [[UInt8]] {
    [event.name, event.data, event.lastEventID].map { Array($0.utf8) }
  }

  private struct Read: Equatable {
    var events: [ServerSentEvent]
    var lastEventID: String
    var reconnectionTime: Duration?

    init(_ pieces: [ArraySlice<UInt8>]) {
      var parser = EventStreamParser()
      events = pieces.flatMap { parser.feed($0) }
      lastEventID = parser.lastEventID
      reconnectionTime = parser.reconnectionTime
    }
  }
}
