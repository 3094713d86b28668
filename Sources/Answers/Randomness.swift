import Glibc

/// FNV-1a over 64 bits, mixed at the end: the same on every machine and in every process, unlike `Hasher`.
struct Digest {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  init(of domain: String) {
    add(domain)
  }

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    // No byte of UTF-8 is 0xff, so no two sequences of texts run together.
    add(0xff as UInt8)
  }

  mutating func add(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
  }

  private mutating func add(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }

  var value: UInt64 {
    var mixer = SeededGenerator(seed: state)
    return mixer.next()
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and its sequence is a pure function of the seed.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Uniform over [0, 1), 53 bits.
  mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform over `0..<bound`; the bias of the remainder is below 2⁻⁵⁰ for the small bounds used here.
  mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }

  /// Standard normal, by Box and Muller.
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - unit())).squareRoot()
    return radius * cos(2 * .pi * unit())
  }
}
