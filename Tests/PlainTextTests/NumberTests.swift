import PlainText
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    (0, "0.00"), (0.004, "0.00"), (0.005, "0.01"), (1, "1.00"), (1.234, "1.23"), (9.994, "9.99"),
    (9.996, "10.0"), (10, "10.0"), (12.34, "12.3"), (99.94, "99.9"), (99.96, "100"), (100, "100"),
    (1234.5, "1235"), (1_000_000, "1000000"), (-0.001, "0.00"), (-1.234, "−1.23"), (-0.5, "−0.50"),
    (-12.34, "−12.3"), (-1234, "−1234"),
  ])
  func `a number has three significant digits, or is whole`(_ value: Double, _ text: String) {
    #expect(value.text == text)
  }

  @Test(arguments: [
    (1.05, 0, "1"), (1.0, 1, "1.0"), (0.05, 2, "0.05"), (2.0625, 3, "2.063"), (-0.25, 2, "−0.25"),
    (0.00006, 4, "0.0001"),
  ])
  func `plain decimal notation`(_ value: Double, _ digits: Int, _ text: String) {
    #expect(value.text(digits: digits) == text)
  }

  // A file can hold any number.
  @Test(arguments: [
    (1e300, "1e+300"), (-1e300, "-1e+300"), (1e17, "1e+17"), (1.5e20, "1.5e+20"),
    (99_999_999_999_999, "99999999999999"),
    (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (.leastNonzeroMagnitude, "0.00"), (.infinity, "–"),
    (-.infinity, "–"),
    (.nan, "–"),
  ])
  func `a number that no measurement comes to is shown all the same`(_ value: Double, _ text: String) {
    #expect(value.text == text)
    for digits in 0...4 { #expect(!value.text(digits: digits).isEmpty) }
  }

  @Test(
    arguments: [
      (0.4, "0"), (999.6, "1,000"), (1_234_567, "1,234,567"), (-1_234, "−1,234"), (1e300, "1e+300"),
      (.infinity, "–"),
    ] as [(Double, String)])
  func `a whole number has commas`(_ value: Double, _ text: String) {
    #expect(value.grouped == text)
  }

  @Test func `the largest whole numbers have commas too`() {
    #expect(Int.min.grouped == "−9,223,372,036,854,775,808")
  }
}
