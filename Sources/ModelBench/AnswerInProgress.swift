import Answers
import ChatCompletions
import MonotonicTime
import Readings
import Upstream

/// One request while its answer comes.
struct AnswerInProgress {
  private let start: Instant
  private var sent: Instant
  private var measured = MeasuredAnswer()
  private var hasReasoning = false
  private var texts: [String] = []
  private var arrivals: [Arrival] = []

  /// - Parameter start: when the measurement began.
  init(since start: Instant) {
    self.start = start
    sent = start
  }

  /// - Returns: what was measured, once all is heard.
  mutating func take(_ part: AnswerPart) -> MeasuredAnswer? {
    switch part {
    case .sent(let sent):
      self.sent = sent
      measured.sentMilliseconds = start.duration(to: sent).inMilliseconds
    case .chunk(let chunk, let arrived): take(chunk, arrived)
    case .ending(let ending): take(ending)
    case .over: return finished
    }
    return nil
  }

  private mutating func take(_ chunk: ChatChunk, _ arrived: Instant) {
    let time = sent.duration(to: arrived).inMilliseconds
    if chunk.hasChoice { measured.choiceChunkMilliseconds.append(time) }
    if chunk.hasReasoning { hasReasoning = true }
    guard let text = chunk.addition else { return }
    measured.textChunkMilliseconds.append(time)
    arrivals.append(Arrival(index: texts.count, at: arrived, isIntact: true))
    texts.append(text)
  }

  private mutating func take(_ ending: Ending) {
    measured.failure = ending.failure
    guard let usage = ending.usage else { return }
    measured.completionTokens = usage.completion
    // Thoughts that were shown and not counted are somewhere among the tokens.
    measured.reasoningTokens = hasReasoning && usage.reasoning == 0 ? nil : usage.reasoning
  }

  private var finished: MeasuredAnswer {
    var finished = measured
    if finished.failure == nil, texts.isEmpty { finished.failure = "the answer has no text" }
    var reading = Reading(asked: sent, started: sent, texts: texts)
    reading.arrivals = arrivals
    finished.waitingShare = reading.waitingShare
    return finished
  }
}
