/// What is measured, one number a trial. The raw value names it in files, its unit included.
public enum Metric: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
  /// From the moment the reader asks to its first token, on a connection made for it.
  case timeToFirstTokenCold = "ttft_cold_ms"
  /// The same on a connection that stood and had carried a request.
  case timeToFirstTokenWarm = "ttft_warm_ms"
  /// The parts of a cold reader's: until its connection stood, from there until the question was answered, and from there
  /// to the first token.
  case timeToConnect = "ttft_connect_ms"
  case timeToAsk = "ttft_ask_ms"
  case timeToWait = "ttft_wait_ms"
  /// Arrival less the intended instant: the headline.
  case delayMedian = "delay_p50_ms"
  case delay99 = "delay_p99_ms"
  case delay999 = "delay_p999_ms"
  /// Between consecutive arrivals, pooled over the readers (inter-token latency).
  case gapMedian = "gap_p50_ms"
  case gap99 = "gap_p99_ms"
  /// Share of gaps that are zero: tokens that one read of the socket brought together.
  case bunching = "bunching_share"
  /// (End-to-end less TTFT) over the tokens after the first, one stream's; the median over the streams.
  case timePerOutputToken = "tpot_ms"
  /// Share of streams that meet every limit the experiment states.
  case goodput = "goodput_share"
  /// Of a person's time from the question to the last word, at five words a second, what goes by in waiting
  /// (`Reading.waitingShare`); the median over the streams.
  case timeWaiting = "waiting_percent"
  /// Of the time from the first token to the last, what goes by while the text stands still (`Reading.stalledShare`); the
  /// mean over the streams, of which few may have stalled.
  case timeStalled = "stalled_percent"
  case requests = "requests_per_token"
  case connections = "connections_per_token"
  /// TCP payload from the kernel's count, and what it consists of.
  case bytesDown = "bytes_down_per_token"
  case bytesDownPayload = "bytes_down_payload_per_token"
  case bytesDownFraming = "bytes_down_framing_per_token"
  case bytesDownHeads = "bytes_down_heads_per_token"
  case bytesUp = "bytes_up_per_token"
  case bytesUpHeads = "bytes_up_heads_per_token"
  /// Both directions, pure acknowledgements included.
  case segments = "segments_per_token"
  /// User and system time of the server's process, less its idle baseline.
  case serverProcessor = "server_cpu_us_per_token"
  /// The same of the readers' process. On loopback each end does some of the other's work in the kernel.
  case readersProcessor = "readers_cpu_us_per_token"
  case bothProcessors = "both_cpu_us_per_token"
  /// User and system time of the processes of the proxy between them; nothing where there is none.
  case proxyProcessor = "proxy_cpu_us_per_token"
  /// Voluntary and forced switches of the server's threads.
  case contextSwitches = "context_switches_per_token"
  /// The server's resident memory, from before the readers came to when they had read all.
  case residentGrowth = "server_resident_growth_mb"
  /// Until the last of the stalled readers was dropped, from when they stalled.
  case stalledUntilDropped = "stalled_let_go_s"
  /// From the last token before a connection was lost to the first one that the reader still lacked, over the
  /// outages that ended.
  case outageMedian = "outage_p50_ms"
  case outageWorst = "outage_max_ms"
  /// Requests that an outage took, the one that brought the token included; the mean over the outages that
  /// ended.
  case recoveryRequests = "recovery_requests"
  /// Outages a reader had, whether they ended or not; the mean.
  case outages = "outages_per_stream"
  /// From a reader's word to stop to the generation's end, by the clock of the one machine both run on.
  case stopMedian = "stop_p50_ms"
  case stopWorst = "stop_max_ms"
  /// Tokens whose instants lay behind that word and that were generated all the same; the mean.
  case tokensAfterStop = "tokens_after_stop"
  /// What a page's author writes for it: lines of the browser demo's file that are no comments.
  case browserLines = "browser_lines"

  private var traits: (title: String, unit: String) {
    switch self {
    case .timeToFirstTokenCold: ("TTFT cold", "ms")
    case .timeToFirstTokenWarm: ("TTFT warm", "ms")
    case .timeToConnect: ("TTFT connect", "ms")
    case .timeToAsk: ("TTFT ask", "ms")
    case .timeToWait: ("TTFT wait", "ms")
    case .delayMedian: ("delay p50", "ms")
    case .delay99: ("delay p99", "ms")
    case .delay999: ("delay p99.9", "ms")
    case .gapMedian: ("gap p50", "ms")
    case .gap99: ("gap p99", "ms")
    case .bunching: ("bunching", "share")
    case .timePerOutputToken: ("TPOT", "ms")
    case .goodput: ("goodput", "share")
    case .timeWaiting: ("waiting", "% at 5 words/s")
    case .timeStalled: ("stalled", "% of typing")
    case .requests: ("requests", "per token")
    case .connections: ("connections", "per token")
    case .bytesDown: ("bytes down", "per token")
    case .bytesDownPayload: ("payload", "B per token")
    case .bytesDownFraming: ("framing", "B per token")
    case .bytesDownHeads: ("heads", "B per token")
    case .bytesUp: ("bytes up", "per token")
    case .bytesUpHeads: ("heads up", "B per token")
    case .segments: ("segments", "per token")
    case .serverProcessor: ("server CPU", "µs per token")
    case .readersProcessor: ("readers CPU", "µs per token")
    case .bothProcessors: ("both CPU", "µs per token")
    case .proxyProcessor: ("proxy CPU", "µs per token")
    case .contextSwitches: ("switches", "per token")
    case .residentGrowth: ("server memory", "MB more")
    case .stalledUntilDropped: ("dropped after", "s")
    case .outageMedian: ("outage p50", "ms")
    case .outageWorst: ("outage max", "ms")
    case .recoveryRequests: ("recovery", "requests")
    case .outages: ("outages", "per stream")
    case .stopMedian: ("stop p50", "ms")
    case .stopWorst: ("stop max", "ms")
    case .tokensAfterStop: ("after stop", "tokens")
    case .browserLines: ("browser", "lines")
    }
  }

  /// For a table's head.
  public var title: String { traits.title }
  /// For a table's head, below the title.
  public var unit: String { traits.unit }

  /// The quantile behind it, where it is one.
  public var quantile: Double? {
    switch self {
    case .delay99, .gap99: 0.99
    case .delay999: 0.999
    default: nil
    }
  }

  /// Whether the kernel counts it, for each connection.
  var isOfKernel: Bool { [.bytesDown, .bytesDownFraming, .bytesUp, .segments].contains(self) }

  /// Whether more is better; of all others, less.
  public var isMoreBetter: Bool { self == .goodput }

  /// The samples that a trial needs to carry it: at least five must lie beyond a quantile.
  public var samplesNeeded: Int {
    quantile.map { Int((5 / (1 - $0)).rounded()) } ?? 1
  }
}
