/// What is measured of a model's server from outside. The raw value names it in files, its unit included.
public enum ModelFigure: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
  case timeToFirstToken = "ttft_ms"
  case interChunkLatency = "inter_chunk_latency_ms"
  case timePerOutputToken = "tpot_ms"
  case endToEnd = "end_to_end_ms"
  case tokensPerChunk = "tokens_per_chunk"
  case waiting = "waiting_percent"
  /// As the benchmark of vLLM counts.
  case vllmTimeToFirstToken = "vllm_ttft_ms"
  case vllmInterTokenLatency = "vllm_itl_ms"
  case vllmTimePerOutputToken = "vllm_tpot_ms"

  private var traits: (title: String, unit: String) {
    switch self {
    case .timeToFirstToken: ("TTFT", "ms")
    case .interChunkLatency: ("inter-chunk latency", "ms")
    case .timePerOutputToken: ("TPOT", "ms")
    case .endToEnd: ("end to end", "ms")
    case .tokensPerChunk: ("tokens", "per chunk")
    case .waiting: ("waiting", "% at 5 words/s")
    case .vllmTimeToFirstToken: ("vLLM's TTFT", "ms")
    case .vllmInterTokenLatency: ("vLLM's ITL", "ms")
    case .vllmTimePerOutputToken: ("vLLM's TPOT", "ms")
    }
  }

  /// For a table.
  public var title: String { traits.title }
  /// For a table, behind the title.
  public var unit: String { traits.unit }

  /// As vLLM's benchmark counts, for whoever compares.
  static let ofOthers: [ModelFigure] = [
    .vllmTimeToFirstToken, .vllmInterTokenLatency, .vllmTimePerOutputToken,
  ]

  /// What one answer shows of it: all its gaps, or one number; nothing where the answer does not have it.
  func samples(of answer: MeasuredAnswer) -> [Double] {
    switch self {
    case .interChunkLatency: answer.interChunkLatencies
    case .vllmInterTokenLatency: answer.choiceGaps
    default: number(of: answer).map { [$0] } ?? []
    }
  }

  private func number(of answer: MeasuredAnswer) -> Double? {
    switch self {
    case .timeToFirstToken: answer.timeToFirstToken
    case .timePerOutputToken: answer.timePerOutputToken
    case .endToEnd: answer.endToEnd
    case .tokensPerChunk:
      answer.textTokens.map { Double($0) / Double(max(1, answer.textChunkMilliseconds.count)) }
    case .waiting: answer.waitingShare.map { $0 * 100 }
    case .vllmTimeToFirstToken: answer.choiceChunkMilliseconds.first
    case .vllmTimePerOutputToken: answer.timePerChoiceToken
    case .interChunkLatency, .vllmInterTokenLatency: nil
    }
  }
}
