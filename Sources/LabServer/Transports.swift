import LWS
import MonotonicTime
import Wire

/// The four ways to read a log, by name: each answers with the responder of its own file.
enum Transports {
  static func responder(
    for transport: Transport, _ source: FramedLog, _ reading: Reading, _ session: any Wakeable,
    _ telemetry: TransportTelemetry
  ) -> any Responder {
    switch transport {
    case .shortPolling: ShortPolling.responder(source, reading, telemetry)
    case .longPolling: LongPolling(source, reading, session, telemetry)
    case .serverSentEvents:
      ServerSentEvents(Cursor(source, from: reading.from, waking: session), telemetry)
    case .webSocket: WebSocket(Cursor(source, from: reading.from, waking: session), telemetry)
    }
  }
}

/// What a reader asks of a stream beside its name.
struct Reading: Equatable {
  /// The first index wanted.
  var from = 0
  /// The epoch that `from` counts in, where the reader named one.
  var epoch: String?
  /// How long a long poll may be held.
  var wait = Duration.seconds(25)

  static let waitSeconds = 0.0...120.0

  init() {}

  /// - Throws: `FieldError` that names the parameter.
  init(_ query: [(name: String, value: String)]) throws(FieldError) {
    for (name, value) in query {
      switch name {
      case "from":
        guard let index = Int(value), index >= 0 else {
          throw FieldError("'from' takes the first index wanted, a whole number from 0")
        }
        from = index
      case "epoch":
        epoch = value
      case "wait":
        guard let seconds = Double(value), Self.waitSeconds.contains(seconds) else {
          throw FieldError("'wait' takes seconds from 0 to 120")
        }
        wait = Duration(roundedSeconds: seconds)
      default:
        break
      }
    }
  }
}
