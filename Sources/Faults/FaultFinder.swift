import Answers

/// Finds the places of a plan's faults in the bytes that pass.
public struct FaultFinder: Sendable {
  private let plan: FaultPlan
  private var generator: SeededGenerator
  private var deck: [Fault] = []
  private var fault: Fault?
  private var stage = Stage.counting(left: 0)
  private var mark = TokenMark()
  private var found = 0

  private enum Stage: Sendable {
    /// Units of the plan's spacing.
    case counting(left: Int)
    case awaitingToken
    /// Bytes that still pass before the fault.
    case passing(left: Int)
  }

  public init(_ plan: FaultPlan) {
    self.plan = plan
    generator = SeededGenerator(seed: plan.seed)
    draw()
  }

  /// Looks at the next bytes of a connection.
  /// - Returns: the fault to commit and how many of these bytes still pass before it; nil if all of them do. What
  ///   stands behind the fault never passes, and is not to be shown to the finder.
  public mutating func find(in bytes: some Sequence<UInt8>) -> (fault: Fault, passing: Int)? {
    guard fault != nil else { return nil }
    for (offset, byte) in bytes.enumerated() {
      guard isPlace(byte), let fault else { continue }
      draw()
      return (fault, offset + 1)
    }
    return nil
  }

  /// The bytes to come are another connection's.
  public mutating func connectionBegins() {
    mark = TokenMark()
    // What was to pass behind a token's beginning will not come any more.
    if case .passing = stage { stage = .awaitingToken }
  }

  /// How long connecting is to be refused.
  public mutating func refusal() -> Duration {
    let (low, high) = (plan.refusal.lowerBound, plan.refusal.upperBound)
    return low + (high - low) * Double.random(in: 0..<1, using: &generator)
  }

  /// Whether a cut is a reset instead of a close.
  public mutating func cutResets() -> Bool {
    Bool.random(using: &generator)
  }

  /// Whether the fault comes behind this byte.
  private mutating func isPlace(_ byte: UInt8) -> Bool {
    let isToken = mark.take(byte)
    switch stage {
    case .counting(var left):
      if case .bytes = plan.spacing { left -= 1 } else if isToken { left -= 1 }
      stage = .counting(left: left)
      guard left == 0 else { return false }
      if case .bytes = plan.spacing {
        guard fault == .cutInToken else { return true }
        stage = .awaitingToken
        return false
      }
      return begin()
    case .awaitingToken:
      return isToken && begin()
    case .passing(let left):
      stage = .passing(left: left - 1)
      return left == 1
    }
  }

  /// A token begins behind which the fault is due. A cut stays inside its JSON, of which at least one byte of
  /// text, the quotation mark and the brace are to come; others fall into it or some bytes behind.
  /// - Returns: whether that is at once.
  private mutating func begin() -> Bool {
    let left = Int.random(in: fault == .cutInToken ? 0...2 : 0...24, using: &generator)
    stage = .passing(left: left)
    return left == 0
  }

  private mutating func draw() {
    fault = nil
    guard found < plan.limit, !plan.kinds.isEmpty else { return }
    found += 1
    if deck.isEmpty { deck = plan.kinds.shuffled(using: &generator) }
    fault = deck.removeLast()
    stage = .counting(left: Int.random(in: 1...(2 * plan.spacing.mean - 1), using: &generator))
  }
}
