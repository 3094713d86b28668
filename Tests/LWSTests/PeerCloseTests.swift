import Testing

@testable import LWS

// RFC 6455, sections 5.5.1 and 7.4.
@Suite struct PeerCloseTests {
  private func refusal(_ payload: [UInt8], isCompressed: Bool = false) -> UInt16? {
    payload.withUnsafeBytes { PeerClose.refusal(of: $0, isCompressed: isCompressed) }
  }

  private func refusal(code: Int) -> UInt16? { refusal([UInt8(code >> 8), UInt8(code & 0xff)]) }

  @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1011, 3000, 3999, 4000, 4999])
  func `a code that may be sent is in order`(_ code: Int) {
    #expect(refusal(code: code) == nil)
  }

  @Test(arguments: [0, 1, 999, 1004, 1005, 1006, 1012, 1014, 1015, 1016, 2999, 5000, 65_535])
  func `any other is a violation`(_ code: Int) {
    #expect(refusal(code: code) == 1_002)
  }

  @Test func `no code is in order, and half a code is not`() {
    #expect(refusal([]) == nil)
    #expect(refusal([3]) == 1_002)
  }

  @Test func `a reason is text`() {
    #expect(refusal([0x03, 0xe8] + Array("é".utf8)) == nil)
    #expect(refusal([0x03, 0xe8, 0xff]) == 1_007)
    #expect(refusal([0x03, 0xe8, 0xc3]) == 1_007)
  }

  @Test func `none is compressed`() {
    #expect(refusal([], isCompressed: true) == 1_002)
  }
}
