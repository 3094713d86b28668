/// Sees tokens begin in a stream of bytes, however it is cut: each occurrence of `"token":"`. A token's text
/// cannot hold it, since JSON escapes quotation marks.
struct TokenMark {
  private static let bytes = Array(#""token":""#.utf8)
  /// How many of them the last bytes were.
  private var matched = 0

  /// - Returns: whether this byte completes the mark.
  mutating func take(_ byte: UInt8) -> Bool {
    while matched > 0, Self.bytes[matched] != byte {
      // Only `"token"` ends in what the mark begins with: its quotation mark.
      matched = matched == 7 ? 1 : 0
    }
    if Self.bytes[matched] == byte { matched += 1 }
    guard matched == Self.bytes.count else { return false }
    matched = 1
    return true
  }
}
