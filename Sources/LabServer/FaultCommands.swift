import Foundation
import LWS
import MonotonicTime

/// What can be done to readers, or seen of them, at `/faults/NAME`.
enum FaultCommand: String, CaseIterable {
  /// Closes the connections that a reader has open; where it has none, the one of its next request.
  case cut
  /// Holds back everything that is to be sent to a reader.
  case stall
  /// Cuts, and closes whatever a reader opens meanwhile.
  case offline
  /// The last bytes written to a reader.
  case wire

  /// Whether it changes something.
  var isDeed: Bool { self != .wire }
}

/// Faults for demonstrations and tests, on only with `pushlab serve --faults`: a reader that named itself is cut,
/// stalled or looked into by `reader=TAG`; everybody who did by `reader=all`.
struct FaultCommands {
  let readers: Readers

  /// For how long a reader may be stalled or offline.
  static let seconds = 0.0...60.0

  static let areOff = Response.error(
    404, "fault injection is off: start the server with pushlab serve --faults")

  /// - Parameter query: `reader`, and for a stall or a time offline `seconds`.
  func response(to fault: FaultCommand, _ query: [(name: String, value: String)]) -> Response {
    guard let tag = Readers.tag(in: query), Readers.isTag(tag) else {
      return .error(
        400, "'reader' takes a reader's tag of 1 to \(Readers.longestTag) letters and digits, or 'all'")
    }
    let chosen = tag == "all" ? Array(readers.all) : readers[tag].map { [$0] } ?? []
    switch fault {
    case .wire:
      let told = chosen.map { LastMessages.Told(reader: $0.tag, messages: $0.messages.kept) }
      return .json(200, encoding: told, Self.fresh)
    case .cut:
      return .json(200, Array(#"{"cut":\#(chosen.reduce(0) { $0 + $1.cut() })}"#.utf8), Self.fresh)
    case .stall, .offline:
      guard let seconds = query.first(where: { $0.name == "seconds" }).flatMap({ Double(decimal: $0.value) }),
        Self.seconds.contains(seconds)
      else { return .error(400, "'seconds' takes a number from 0 to 60") }
      let now = Instant.now
      let end = now.advanced(by: Duration(roundedSeconds: seconds))
      // A reader may be kept away before it first comes.
      let kept = chosen.isEmpty && tag != "all" ? [readers.reader(tag, now: now)].compactMap { $0 } : chosen
      for reader in kept { fault == .stall ? reader.stall(until: end) : reader.keepAway(until: end) }
      return .empty(204)
    }
  }

  private static let fresh = [(name: "cache-control", value: "no-store")]
}
