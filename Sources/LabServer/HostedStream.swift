import Answers
import LWS
import MonotonicTime
import TokenStream
import Wire

/// A stream that the server holds: its generation along the schedule, which falls due, and its tokens as bytes.
final class HostedStream: DueAction {
  let live: LiveStream
  let tokens: FramedLog
  /// Who generates its next token; nil once the stream has ended.
  unowned var driver: Streams?
  var duePlace = DuePlace.nowhere
  /// Somebody has read it since that was last asked.
  var wasRead = false

  init(_ live: LiveStream) {
    self.live = live
    tokens = FramedLog(live.log)
  }

  var log: TokenLog { live.log }

  /// How many tokens it has, or may get.
  var mostTokens: Int {
    log.hasEnded ? log.count : live.foretold?.tokenCount ?? .max
  }

  func comeDue(at now: Instant) {
    driver?.generate(self, now)
  }

  /// What `GET /streams/ID` tells.
  var state: [UInt8] {
    let question = live.question
    let pacing = question.pacing
    var text = String(StreamStarted(live).text.dropLast())
    text +=
      #","seed":\#(question.seed),"tokens":\#(live.foretold?.tokenCount ?? question.tokenCount),"rate":\#(pacing.rate)"#
    text += #","jitter":\#(pacing.jitter),"think":\#(pacing.think.inSeconds),"burst":\#(pacing.burst)"#
    text += #","size":\#(question.tokenSize),"next":\#(log.count),"done":\#(log.hasEnded)"#
    if let ending = log.end {
      text += #","reason":"\#(ending.reason.rawValue)""#
      if let failure = ending.failure { text += #","error":\#(failure.jsonString)"# }
    }
    if let ended = live.finished { text += #","ended":\#(ended.nanoseconds)"# }
    return Array((text + "}").utf8)
  }

  /// What `GET /streams/ID/schedule` tells: each token's intended instant, in nanoseconds since `started`, or null where
  /// tokens come as they are made. With `now`, a reader can tell the server's clock from its own.
  func schedule(from source: any AnswerSource) -> Response {
    let instants = source.offsets(of: live.question).map { String($0.inNanoseconds) }.joined(separator: ",")
    let offsets = live.foretold == nil ? "null" : "[\(instants)]"
    let times = #""started":\#(live.started.nanoseconds),"now":\#(Instant.now.nanoseconds)"#
    return .json(200, Array(#"{\#(times),"offsets":\#(offsets)}"#.utf8), [("cache-control", "no-store")])
  }
}

extension StreamStarted {
  init(_ stream: LiveStream) {
    self.init(
      stream: stream.id.description, epoch: stream.log.epoch.description,
      started: stream.started.nanoseconds)
  }
}
