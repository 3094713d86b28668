import Foundation
import Measurement
import Testing

// The raw values are the result file's keys: renaming one needs a new version of the file.
@Suite struct MetricTests {
  @Test func `the names in files`() {
    #expect(
      Metric.allCases.map(\.rawValue) == [
        "ttft_cold_ms", "ttft_warm_ms", "ttft_connect_ms", "ttft_ask_ms", "ttft_wait_ms",
        "delay_p50_ms", "delay_p99_ms", "delay_p999_ms", "gap_p50_ms",
        "gap_p99_ms", "bunching_share", "tpot_ms", "goodput_share", "waiting_percent", "stalled_percent",
        "requests_per_token", "connections_per_token", "bytes_down_per_token", "bytes_down_payload_per_token",
        "bytes_down_framing_per_token", "bytes_down_heads_per_token", "bytes_up_per_token",
        "bytes_up_heads_per_token", "segments_per_token", "server_cpu_us_per_token",
        "readers_cpu_us_per_token", "both_cpu_us_per_token", "proxy_cpu_us_per_token",
        "context_switches_per_token", "server_resident_growth_mb", "stalled_let_go_s", "outage_p50_ms",
        "outage_max_ms", "recovery_requests", "outages_per_stream",
        "stop_p50_ms", "stop_max_ms", "tokens_after_stop", "browser_lines",
      ])
  }

  @Test func `a metric can be the key of a JSON object`() throws {
    let data = try JSONEncoder().encode([Metric.delay99: 1.5])
    #expect(String(decoding: data, as: UTF8.self) == #"{"delay_p99_ms":1.5}"#)
    #expect(try JSONDecoder().decode([Metric: Double].self, from: data) == [.delay99: 1.5])
  }

  @Test func `five samples lie beyond a quantile`() {
    let needed = Metric.allCases.filter { $0.samplesNeeded > 1 }.map { ($0, $0.samplesNeeded) }
    #expect(needed.map(\.0) == [.delay99, .delay999, .gap99])
    #expect(needed.map(\.1) == [500, 5_000, 500])
  }

  @Test func `each has a title of its own and a unit`() {
    #expect(Set(Metric.allCases.map(\.title)).count == Metric.allCases.count)
    #expect(Metric.allCases.allSatisfy { !$0.unit.isEmpty })
  }
}
