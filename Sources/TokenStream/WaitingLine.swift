/// First come, first served, at a constant cost: the places of those that were taken go in bulk.
public struct WaitingLine<Element> {
  private var elements: [Element?] = []
  private var taken = 0

  public init() {}

  public var first: Element? { taken < elements.count ? elements[taken] : nil }

  public mutating func append(_ element: Element) {
    elements.append(element)
  }

  /// Takes the first.
  public mutating func popFirst() -> Element? {
    guard let first else { return nil }
    // Nothing is kept of it.
    elements[taken] = nil
    taken += 1
    if taken > 64, taken * 2 > elements.count {
      elements.removeFirst(taken)
      taken = 0
    }
    return first
  }
}
