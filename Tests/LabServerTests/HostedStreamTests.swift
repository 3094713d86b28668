import Answers
import LWS
import MonotonicTime
import Testing
import TokenStream
import Wire

@testable import LabServer

@Suite struct HostedStreamTests {
  private let start = Instant(nanoseconds: 1_000_000_000)
  private let source: HostedStream

  init() {
    var generator = SeededGenerator(seed: 1)
    let pacing = Pacing(think: .milliseconds(500), rate: 2, jitter: 0, burst: 1)
    let question = Question(prompt: "sky", seed: 5, tokenCount: 3, tokenSize: 2, pacing: pacing)
    source = HostedStream(
      LiveStream(id: StreamID(using: &generator), answering: PosedQuestion(question), now: start))
  }

  private var state: String { String(decoding: source.state, as: UTF8.self) }

  private var asked: String {
    let stream = source.live
    return #"{"stream":"\#(stream.id)","epoch":"\#(stream.question.epoch)","started":1000000000,"seed":5,"#
      + #""tokens":3,"rate":2.0,"jitter":0.0,"think":0.5,"burst":1,"size":2,"#
  }

  @Test func `the state of a stream that goes on`() {
    #expect(state == asked + #""next":0,"done":false}"#)
    _ = source.live.advance(to: start.advanced(by: .milliseconds(1_000)))
    #expect(state == asked + #""next":2,"done":false}"#)
  }

  @Test func `the state of a stream that is complete`() {
    _ = source.live.advance(to: start.advanced(by: .seconds(2)))
    #expect(state == asked + #""next":3,"done":true,"reason":"complete","ended":3000000000}"#)
  }

  @Test func `the state of a stream that was stopped`() {
    _ = source.live.advance(to: start.advanced(by: .milliseconds(500)))
    source.live.stop(at: start.advanced(by: .milliseconds(600)))
    #expect(state == asked + #""next":1,"done":true,"reason":"stopped","ended":1600000000}"#)
  }

  @Test func `an echo bounds what waits for a peer that does not read, empty messages too`() {
    for message in [[], [UInt8](repeating: 0, count: 10)] {
      var echo = Echo(limit: 1_000)
      let most = 2_000 / (message.count + 64)
      for _ in 0..<most { echo.received(Message(isText: false, bytes: message)) }
      guard case .send = echo.turn(at: start) else {
        Issue.record("what fits is sent back")
        return
      }
      for _ in 0..<2 { echo.received(Message(isText: false, bytes: message)) }
      guard case .close(1_008, _) = echo.turn(at: start) else {
        Issue.record("what does not fit ends the connection")
        return
      }
    }
  }
}
