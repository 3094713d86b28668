import FuzzSupport
import Wire

/// The cutter of lines: what it cuts does not depend on how the bytes came, and is all of them.
@main struct Lines {
  static func main() {
    Fuzzer.runCut(reading: Read.init) { bytes, whole in
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      require(whole.lines == lines.dropLast().map(Array.init), "other lines than those between line feeds")
      require(whole.heldBytes == lines.last?.count ?? 0, "other bytes are held than the unfinished line")
    }
  }

  private struct Read: Equatable {
    var lines: [[UInt8]] = []
    var heldBytes = 0

    init(_ pieces: [ArraySlice<UInt8>]) {
      var cutter = LineCutter()
      for piece in pieces {
        Array(piece).withUnsafeBytes { bytes in cutter.feed(bytes) { lines.append(Array($0)) } }
      }
      heldBytes = cutter.heldBytes
    }
  }
}
