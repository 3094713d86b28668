import Testing

@testable import LabServer

@Suite struct AccessTokenTests {
  private static let secret = Array("0123456789abcdef".utf8)

  @Test func `a secret is equal to itself`() {
    #expect(isEqualInConstantTime(Self.secret, to: Self.secret))
    #expect(isEqualInConstantTime([0], to: [0]))
  }

  @Test func `one bit anywhere makes another secret`() {
    for index in Self.secret.indices {
      for bit in 0..<8 {
        var other = Self.secret
        other[index] ^= 1 << bit
        #expect(!isEqualInConstantTime(Self.secret, to: other))
      }
    }
  }

  @Test func `another length is another secret, whatever it repeats`() {
    for count in 0..<100 where count != Self.secret.count {
      let other = (0..<count).map { Self.secret[$0 % Self.secret.count] }
      #expect(!isEqualInConstantTime(Self.secret, to: other))
    }
    #expect(!isEqualInConstantTime([0], to: [0, 0]))
    #expect(!isEqualInConstantTime([0], to: []))
    // Lengths that differ by a multiple of 256 differ.
    #expect(!isEqualInConstantTime([7], to: [UInt8](repeating: 7, count: 257)))
  }
}
