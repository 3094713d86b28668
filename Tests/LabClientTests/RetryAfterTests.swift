import Foundation
import Readings
import Testing

@testable import LabClient

@Suite struct RetryAfterTests {
  /// Sun, 06 Nov 1994 08:49:00 GMT.
  private let now = Date(timeIntervalSince1970: 784_111_740)

  @Test(arguments: [("0", 0), ("1", 1), ("120", 120), (" 7 ", 7)])
  func `a number is seconds`(_ field: String, _ seconds: Int) {
    #expect(RetryAfter.delay(field, now: now) == .seconds(seconds))
  }

  // The three forms of RFC 9110, section 5.6.7.
  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
  ])
  func `a date is the time until then`(_ field: String) {
    #expect(RetryAfter.delay(field, now: now) == .seconds(37))
  }

  @Test func `a date that is past is at once`() {
    #expect(RetryAfter.delay("Sun, 06 Nov 1994 08:48:59 GMT", now: now) == .zero)
  }

  @Test(arguments: ["", "soon", "-1", "1.5", "1e3", "99 bottles", "Sun, 06 Nov"])
  func `anything else says nothing`(_ field: String) {
    #expect(RetryAfter.delay(field, now: now) == nil)
  }

  @Test(arguments: ["99999999999999999999", "9223372036854775807", "Sun, 06 Nov 9994 08:49:37 GMT"])
  func `no wait is longer than a year`(_ field: String) {
    #expect(RetryAfter.delay(field, now: now) == .seconds(31_536_000))
  }
}
