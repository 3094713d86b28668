import Glibc
import Testing

@testable import Answers
@testable import Measurement

/// What intervals claim, held against thousands of experiments whose truth is known.
@Suite struct CoverageTests {
  enum Shape: String, CaseIterable {
    case normal, skewed, heavyTailed, bimodal

    /// Of median zero, but for the bimodal one, whose median lies in the thin middle.
    func draw(_ generator: inout SeededGenerator) -> Double {
      switch self {
      case .normal: generator.normal()
      case .skewed: exp(generator.normal()) - 1
      // Student's with two degrees: no variance.
      case .heavyTailed: generator.normal() / (-log(1 - generator.unit())).squareRoot()
      case .bimodal: generator.normal() * 0.3 + (generator.unit() < 0.5 ? -1 : 1)
      }
    }
  }

  private static let repetitions = 3_000

  private func share(_ seed: UInt64, of isHit: (inout SeededGenerator) -> Bool?) -> Double {
    var generator = SeededGenerator(seed: seed)
    let hits = (0..<Self.repetitions).compactMap { _ in isHit(&generator) }
    return Double(hits.count { $0 }) / Double(hits.count)
  }

  @Test(arguments: Shape.allCases, 3...20)
  func `the median of so many trials lies in the interval as often as it says`(_ shape: Shape, _ count: Int) {
    var stated: Double?
    let share = share(UInt64(count)) { generator in
      let estimate = Estimate((0..<count).map { _ in shape.draw(&generator) })
      stated = estimate?.interval?.coverage
      return estimate?.interval.map { $0.low <= 0 && 0 <= $0.high }
    }
    guard let stated else {
      #expect(count < 6 && share.isNaN)
      return
    }
    #expect(stated >= 0.95)
    #expect(abs(share - stated) < 0.02, "\(share), not \(stated)")
  }

  /// Runs differ by more than their trials do.
  @Test(arguments: Shape.allCases, [6, 9, 12])
  func `the median over runs lies in the interval as often as it says, and not in one run's`(
    _ shape: Shape, _ runs: Int
  ) {
    var stated = 0.0
    var withinOne = 0
    let share = share(UInt64(runs)) { generator in
      let values = (0..<runs).map { _ in
        let own = 3 * shape.draw(&generator)
        return (0..<7).map { _ in own + generator.normal() }
      }
      guard let estimate = Estimate(runs: values), let interval = estimate.interval else { return nil }
      stated = interval.coverage
      if let one = Interval(ofMedian: values[0]), one.low <= 0, 0 <= one.high { withinOne += 1 }
      return interval.low <= 0 && 0 <= interval.high
    }
    #expect(abs(share - stated) < 0.02, "\(share), not \(stated)")
    #expect(Double(withinOne) / Double(Self.repetitions) < 0.8)
  }

  /// The readers of a trial share what makes it fast or slow.
  @Test(arguments: Shape.allCases, [6, 9, 12, 20])
  func `a pair's difference lies in the interval as often as it says`(_ shape: Shape, _ count: Int) {
    var stated = 0.0
    let share = share(UInt64(count)) { generator in
      let pairs = (0..<count).map { _ in
        let common = 10 * shape.draw(&generator)
        return (entry: common + 2 + shape.draw(&generator), baseline: common)
      }
      guard let interval = PairedDifference(runs: [pairs])?.estimate.interval else { return nil }
      stated = interval.coverage
      return interval.low <= 2 && 2 <= interval.high
    }
    #expect(abs(share - stated) < 0.02, "\(share), not \(stated)")
  }

  @Test(arguments: Shape.allCases, [9, 12])
  func `eight differences lie in their intervals all at once at least as often as it says`(
    _ shape: Shape, _ count: Int
  ) {
    // Independent ones miss most often together, and it is they that the bound is for.
    var stated = 0.0
    let share = share(UInt64(count)) { generator in
      let intervals = (0..<8).compactMap { _ in
        let pairs = (0..<count).map { _ in (entry: shape.draw(&generator), baseline: 0.0) }
        return PairedDifference(runs: [pairs], comparisons: 8)?.estimate.interval
      }
      stated = 1 - 8 * (1 - (intervals.map(\.coverage).min() ?? 0))
      return intervals.count == 8 && intervals.allSatisfy { $0.low <= 0 && 0 <= $0.high }
    }
    #expect(stated >= 0.95)
    #expect(share > stated - 0.02 && share < stated + 0.03, "\(share), not \(stated)")
  }

  @Test(arguments: Shape.allCases)
  func `a thing hardly ever differs from itself in any of eight metrics`(_ shape: Shape) {
    let share = share(8) { generator in
      (0..<8).contains { _ in
        let pairs = (0..<9).map { _ in (entry: shape.draw(&generator), baseline: shape.draw(&generator)) }
        return PairedDifference(runs: [pairs], comparisons: 8)?.verdict == .shown
      }
    }
    #expect(share <= 0.05, "\(share)")
    // Not because nothing is ever shown.
    #expect(share > 0.005, "\(share)")
  }
}
