import Measurement
import Testing

@Suite struct QuantilesTests {
  @Test func `without samples there is no quantile`() {
    let quantiles = Quantiles([])
    #expect(quantiles.count == 0)
    #expect(quantiles.median == nil)
    #expect(quantiles.value(at: 0.5) == nil)
  }

  @Test func `one sample is every quantile`() {
    let quantiles = Quantiles([7])
    #expect(quantiles.median == 7)
    for share in [0.001, 0.5, 0.99, 1] { #expect(quantiles.value(at: share) == 7) }
  }

  @Test func `the median is the middle, or the mean of the two`() {
    #expect(Quantiles([9, 1, 5]).median == 5)
    #expect(Quantiles([9, 1, 5, 6]).median == 5.5)
  }

  @Test func `a quantile is the nearest rank`() {
    let quantiles = Quantiles((1...200).reversed().map(Double.init))
    #expect(quantiles.count == 200)
    #expect(quantiles.value(at: 0.005) == 1)
    #expect(quantiles.value(at: 0.0051) == 2)
    #expect(quantiles.value(at: 0.5) == 100)
    #expect(quantiles.value(at: 0.99) == 198)
    #expect(quantiles.value(at: 0.991) == 199)
    #expect(quantiles.value(at: 1) == 200)
  }

  @Test func `a quantile is always one of the samples`() {
    let quantiles = Quantiles([1, 2, 3, 4])
    #expect([0.1, 0.25, 0.26, 0.5, 0.51, 0.75, 0.76].map(quantiles.value) == [1, 1, 2, 2, 3, 3, 4])
  }
}
