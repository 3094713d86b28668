/// Cuts a body into lines, however it was cut on the way. What stands behind the last line feed is no line yet.
public struct LineCutter: Sendable {
  /// The part of a line that an earlier piece ended in.
  private var unfinished: [UInt8] = []

  public init() {}

  /// How many bytes wait for the end of their line.
  public var heldBytes: Int { unfinished.count }

  /// - Parameter take: is given each line that these bytes complete, without its end, and valid only meanwhile.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer, take: (UnsafeRawBufferPointer) -> Void) {
    var start = bytes.startIndex
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
      start = index + 1
      if unfinished.isEmpty {
        take(rest)
      } else {
        unfinished.append(contentsOf: rest)
        unfinished.withUnsafeBytes { take($0) }
        unfinished.removeAll(keepingCapacity: true)
      }
    }
    unfinished.append(contentsOf: bytes[start...])
  }

  /// Ends the body.
  /// - Parameter take: is given what stands behind the last line feed, if anything does.
  public mutating func end(take: (UnsafeRawBufferPointer) -> Void) {
    guard !unfinished.isEmpty else { return }
    unfinished.withUnsafeBytes { take($0) }
    unfinished.removeAll()
  }
}
