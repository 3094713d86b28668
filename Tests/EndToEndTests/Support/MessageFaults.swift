import NIOCore

/// Faults on the pieces of an event stream or a WebSocket, by their number: the piece after the head is 0.
struct MessageFaults {
  var dropped: Int?
  var doubled: Int?
  /// Changes places with the one behind it.
  var swapped: Int?
  var altered: Int?

  private enum Framing {
    case head
    case chunks
    case frames
  }

  /// Cuts the stream of bytes into its pieces and lets the faults out on them.
  func change() -> (inout ByteBuffer) -> Void {
    var framing = Framing.head
    var waiting = ByteBuffer()
    var kept: ByteBuffer?
    var number = 0
    return { bytes in
      waiting.writeBuffer(&bytes)
      bytes = ByteBuffer()
      while let size = pieceSize(framing, waiting), var piece = waiting.readSlice(length: size) {
        if framing == .head {
          // The answer to asking passes as it is; what upgrades or streams is what the faults are for.
          let text = String(buffer: piece)
          if text.contains("text/event-stream") || text.contains("application/x-ndjson") { framing = .chunks }
          if text.contains("101 Switching") { framing = .frames }
          bytes.writeBuffer(&piece)
          continue
        }
        defer { number += 1 }
        if number == altered { alter(&piece) }
        if number == dropped { continue }
        if number == swapped {
          kept = piece
          continue
        }
        if number == doubled { bytes.writeImmutableBuffer(piece) }
        bytes.writeBuffer(&piece)
        if var late = kept {
          bytes.writeBuffer(&late)
          kept = nil
        }
      }
    }
  }

  private func pieceSize(_ framing: Framing, _ bytes: ByteBuffer) -> Int? {
    let view = bytes.readableBytesView
    switch framing {
    case .head:
      guard let end = view.firstRange(of: "\r\n\r\n".utf8)?.upperBound else { return nil }
      let head = String(decoding: view[..<end], as: UTF8.self)
      let length = head.firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
      let size = end - view.startIndex + length
      return size <= view.count ? size : nil
    case .chunks:
      guard let line = view.firstRange(of: "\r\n".utf8) else { return nil }
      guard let length = Int(String(decoding: view[..<line.lowerBound], as: UTF8.self), radix: 16) else {
        return nil
      }
      let size = line.upperBound - view.startIndex + length + 2
      return size <= view.count ? size : nil
    case .frames:
      // No message of the tests is longer than 125 bytes.
      guard view.count >= 2 else { return nil }
      let size = 2 + Int(view[view.startIndex + 1] & 0x7f)
      return size <= view.count ? size : nil
    }
  }

  /// Changes the token's text and no length.
  private func alter(_ piece: inout ByteBuffer) {
    guard let range = piece.readableBytesView.firstRange(of: #""token":""#.utf8) else { return }
    piece.setInteger(UInt8(ascii: "#"), at: range.upperBound)
  }
}
