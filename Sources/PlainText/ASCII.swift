extension UInt8 {
  /// Whether it is a digit of ASCII, as all numbers of protocols are written in.
  @inlinable public var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
