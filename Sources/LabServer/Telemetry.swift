import LWS
import MonotonicTime
import Wire

/// What the server counts for one transport, since it started.
final class TransportTelemetry {
  let tally = Tally()
  var tokensDelivered = 0
  /// Readers held until there is a token.
  var waiting = 0
  /// Readers dropped because they fell behind.
  var laggingDropped = 0
}

/// What the server counts, and its text for Prometheus (exposition format 0.0.4).
final class Telemetry {
  private let byTransport = Served.all.map { _ in TransportTelemetry() }
  /// Everything that is not a transport: asking, state, files, the echo.
  let other = TransportTelemetry()
  var streamsStarted = 0
  /// How long after their instants tokens were appended, added up.
  var scheduleLateness = Duration.zero
  var tokensGenerated = 0
  /// Requests and connections refused before they were looked at.
  var refused: [RequestProblem: Int] = [:]
  /// Streams stopped because nobody read them.
  var unreadStopped = 0
  /// Readers that took nothing for the time they had.
  var stalledDropped = 0
  /// What the server is made of, for the record of a measurement.
  private let engine: String

  init(engine: String) {
    self.engine = engine
  }

  subscript(served: Served) -> TransportTelemetry { byTransport[served.index] }

  func text(streams: Int, connections: Int, pendingBytes: Int) -> String {
    var text = """
      # HELP pushlab_info What serves.
      # TYPE pushlab_info gauge
      pushlab_info{engine="\(engine)"} 1
      # HELP pushlab_connections Connections open now.
      # TYPE pushlab_connections gauge
      pushlab_connections \(connections)
      # HELP pushlab_pending_bytes Bytes of bodies, messages and large answers on their way.
      # TYPE pushlab_pending_bytes gauge
      pushlab_pending_bytes \(pendingBytes)
      # HELP pushlab_streams Streams held now, finished ones included until they expire.
      # TYPE pushlab_streams gauge
      pushlab_streams \(streams)
      # HELP pushlab_streams_started_total Streams started.
      # TYPE pushlab_streams_started_total counter
      pushlab_streams_started_total \(streamsStarted)
      # HELP pushlab_tokens_generated_total Tokens appended to logs.
      # TYPE pushlab_tokens_generated_total counter
      pushlab_tokens_generated_total \(tokensGenerated)
      # HELP pushlab_schedule_lateness_seconds_total Time from tokens' intended instants to their appending.
      # TYPE pushlab_schedule_lateness_seconds_total counter
      pushlab_schedule_lateness_seconds_total \(scheduleLateness.inSeconds)
      # HELP pushlab_stalled_let_go_total Readers disconnected because they accepted no bytes for too long.
      # TYPE pushlab_stalled_let_go_total counter
      pushlab_stalled_let_go_total \(stalledDropped)
      # HELP pushlab_unread_let_go_total Streams stopped because nobody read them.
      # TYPE pushlab_unread_let_go_total counter
      pushlab_unread_let_go_total \(unreadStopped)
      # HELP pushlab_refused_total Requests and connections refused before a path was looked at.
      # TYPE pushlab_refused_total counter

      """
    for problem in RequestProblem.allCases {
      text += "pushlab_refused_total{reason=\"\(problem)\"} \(refused[problem, default: 0])\n"
    }
    let series: [(name: String, kind: String, help: String, value: (TransportTelemetry) -> Int)] = [
      ("pushlab_open_exchanges", "gauge", "Responses or sockets open now.", { $0.tally.open }),
      ("pushlab_requests_total", "counter", "Requests and handshakes taken.", { $0.tally.opened }),
      ("pushlab_tokens_delivered_total", "counter", "Tokens handed to the kernel.", { $0.tokensDelivered }),
      (
        "pushlab_sent_bytes_total", "counter",
        "Bytes of bodies and WebSocket messages, with chunk framing and frame headers, without heads.",
        { $0.tally.bytesSent }
      ),
      ("pushlab_held_readers", "gauge", "Long polls held until there is a token.", { $0.waiting }),
      (
        "pushlab_lagging_let_go_total", "counter", "Readers disconnected because they fell behind.",
        { $0.laggingDropped }
      ),
      (
        "pushlab_received_bytes_total", "counter", "Bytes of request bodies and WebSocket messages.",
        { $0.tally.bytesReceived }
      ),
    ]
    for (name, kind, help, value) in series {
      text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
      for served in Served.all {
        text += "\(name){transport=\"\(served.transport.name)\"} \(value(self[served]))\n"
      }
      text += "\(name){transport=\"none\"} \(value(other))\n"
    }
    return text
  }
}
