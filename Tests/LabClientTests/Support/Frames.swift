import Answers
import LabClient
import Readings
import Wire

/// WebSocket frames by hand (RFC 6455, section 5.2).
enum Frames {
  /// A server's.
  static func frame(_ opcode: UInt8, _ payload: [UInt8] = [], isFinal: Bool = true) -> [UInt8] {
    [(isFinal ? 0x80 : 0) | opcode, UInt8(payload.count)] + payload
  }

  static func close(_ code: Int) -> [UInt8] { frame(8, [UInt8(code >> 8), UInt8(code & 0xff)]) }

  static func token(_ index: Int) -> [UInt8] { frame(1, Words.payload(index).json) }

  static let tokens = (0..<4).map(token)

  static let done = frame(1, StreamMessage.done(Done(reason: .complete, tokens: 4)).json)

  /// A client's, unmasked: each its first byte and its payload. Nil where they are not frames of a client.
  static func read(_ bytes: [UInt8]) -> [[UInt8]]? {
    var rest = bytes[...]
    var frames: [[UInt8]] = []
    while let first = rest.popFirst() {
      guard let second = rest.popFirst(), second & 0x80 != 0, second & 0x7f < 127 else { return nil }
      var count = Int(second & 0x7f)
      if count == 126 {
        guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
        count = Int(high) << 8 | Int(low)
      }
      guard rest.count >= 4 + count else { return nil }
      let mask = Array(rest.prefix(4))
      let payload = rest.dropFirst(4).prefix(count).enumerated().map { $1 ^ mask[$0 % 4] }
      frames.append([first] + payload)
      rest = rest.dropFirst(4 + count)
    }
    return frames
  }
}
