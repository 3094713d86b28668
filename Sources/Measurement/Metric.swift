/// What is measured, one number a trial. The raw value names it in files; the unit is part of it.
public enum Metric: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
  /// From the moment the reader asks to its first token; the median over the trial's readers.
  case timeToFirstToken = "ttft_ms"
  /// Arrival less the intended instant.
  case delayMedian = "delay_p50_ms"
  case delay99 = "delay_p99_ms"
  /// Between consecutive arrivals, pooled over the readers (inter-token latency).
  case gapMedian = "gap_p50_ms"
  case gap99 = "gap_p99_ms"
  /// Share of gaps that are zero: tokens that one read of the socket brought together.
  case bunching = "bunching_share"
  /// Requests made over tokens delivered.
  case requests = "requests_per_token"
  /// Bytes of TCP payload over tokens delivered.
  case bytesDown = "bytes_down_per_token"
  case bytesUp = "bytes_up_per_token"

  /// For a table's head.
  public var title: String {
    switch self {
    case .timeToFirstToken: "TTFT"
    case .delayMedian: "delay p50"
    case .delay99: "delay p99"
    case .gapMedian: "gap p50"
    case .gap99: "gap p99"
    case .bunching: "bunching"
    case .requests: "requests"
    case .bytesDown: "bytes down"
    case .bytesUp: "bytes up"
    }
  }

  /// For a table's head, below the title.
  public var unit: String {
    switch self {
    case .timeToFirstToken, .delayMedian, .delay99, .gapMedian, .gap99: "ms"
    case .bunching: "share"
    case .requests, .bytesDown, .bytesUp: "a token"
    }
  }
}
