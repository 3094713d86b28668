import LabClient
import Measurement
import MonotonicTime
import Readings

/// Hand-made readings against a schedule of three tokens, 100 ms apart.
enum Readings {
  static let offsets: [Duration] = [.milliseconds(100), .milliseconds(200), .milliseconds(300)]

  static func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: Int64(milliseconds) * 1_000_000) }

  static func reading(asked: Int, started: Int, arrivals: [(index: Int, at: Int)]) -> Reading {
    var reading = Reading(asked: at(asked), started: at(started), offsets: offsets)
    reading.arrivals = arrivals.map { Arrival(index: $0.index, at: at($0.at), isIntact: true) }
    reading.connections = 1
    return reading
  }

  /// Intended at 110, 210, 310: delays 10, 5, 5; gaps 95, 100; first token after 120.
  static var steady: Reading {
    var steady = reading(asked: 0, started: 10, arrivals: [(0, 120), (1, 215), (2, 315)])
    steady.requests = 5
    steady.down = ByteSplit(total: 900, payload: 90, heads: 600)
    steady.up = ByteSplit(total: 60, payload: 12, heads: 48)
    steady.segmentsUp = 4
    steady.segmentsDown = 5
    return steady
  }

  /// The first two tokens in one read. Intended at 1110, 1210, 1310: delays 200, 100, 20; gaps 0, 20; first
  /// token after 310.
  static var bunched: Reading {
    var bunched = reading(asked: 1_000, started: 1_010, arrivals: [(0, 1_310), (1, 1_310), (2, 1_330)])
    bunched.requests = 1
    bunched.down = ByteSplit(total: 300, payload: 90, heads: 90)
    bunched.up = ByteSplit(total: 30, payload: 12, heads: 18)
    bunched.segmentsUp = 1
    bunched.segmentsDown = 2
    return bunched
  }
}
