/// How much of something may be there at a time, of all who want it together: bytes, pieces of text. Confined to one
/// thread.
public final class Budget {
  private let limit: Int
  /// How much is reserved.
  public fileprivate(set) var count = 0

  public init(limit: Int) {
    self.limit = limit
  }

  /// - Returns: nil where there is no room for so much more.
  public func reserve(_ amount: Int) -> Reservation? {
    guard amount <= limit - count else { return nil }
    return Reservation(self, amount)
  }

  /// A part of it, taken up for as long as it lives.
  public final class Reservation {
    private let budget: Budget
    private var amount: Int

    fileprivate init(_ budget: Budget, _ amount: Int) {
      self.budget = budget
      self.amount = amount
      budget.count += amount
    }

    deinit {
      budget.count -= amount
    }

    /// - Returns: false where there is no room for so much more.
    public func grow(by more: Int) -> Bool {
      guard more <= budget.limit - budget.count else { return false }
      amount += more
      budget.count += more
      return true
    }

    /// Gives back what goes beyond an amount; one that is smaller stays as it is.
    public func shrink(to less: Int) {
      guard less < amount else { return }
      budget.count -= amount - less
      amount = less
    }
  }
}
