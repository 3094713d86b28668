import Budgets

/// A request whose body is on its way. A class, so that what has come is not copied with each piece.
final class BodyReading {
  private(set) var request: Request
  let persistence: Persistence
  private var left: Int
  private let reservation: Budget.Reservation

  /// - Parameters:
  ///   - count: bytes of the body.
  ///   - reservation: grows with what comes.
  init(
    _ request: Request, _ persistence: Persistence, count: Int, _ reservation: Budget.Reservation
  ) {
    self.reservation = reservation
    self.request = request
    self.persistence = persistence
    left = count
  }

  var isWhole: Bool { left == 0 }

  /// - Returns: how many of the bytes belong to the body; nil where there is no room for them.
  func take(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let count = min(left, bytes.count)
    guard reservation.grow(by: count) else { return nil }
    request.body.append(contentsOf: bytes[..<count])
    left -= count
    return count
  }
}
