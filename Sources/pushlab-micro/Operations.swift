import Answers
import LWS
import LabServer
import MonotonicTime
import TokenStream
import Wire

/// What all of them work on: a token as the experiments send them.
private let payload = TokenPayload(index: 4_711, token: "typewriter ")
private let question = Question(
  prompt: "What does it cost?", tokenCount: 4_096,
  pacing: Pacing(think: .zero, rate: 1_000, jitter: 0))

/// A stream whose tokens are all there.
private func wholeStream() -> FramedLog {
  var generator = SeededGenerator(seed: 1)
  let start = Instant(nanoseconds: 0)
  let stream = LiveStream(id: StreamID(using: &generator), answering: PosedQuestion(question), now: start)
  _ = stream.advance(to: start.advanced(by: .seconds(10)))
  return FramedLog(stream.log)
}

extension Operation {
  /// What is made once a token, and what is then asked for once a delivery.
  static var framing: [Operation] {
    [
      Operation(name: "token-json", title: "a token put into JSON") {
        { count in for _ in 0..<count { keep(payload.json) } }
      },
      Operation(name: "event", title: "a token framed as an event") {
        let start = [UInt8](startOfEventsOf: question.epoch)
        return { count in
          var bytes: [UInt8] = []
          for _ in 0..<count {
            bytes.removeAll(keepingCapacity: true)
            bytes.append(event: payload, start: start)
            keep(Frame(.body, bytes))
          }
        }
      },
      Operation(name: "message", title: "a token framed as a WebSocket message") {
        let json = payload.json
        return { count in for _ in 0..<count { keep(Frame(.text, json)) } }
      },
      Operation(name: "line", title: "a token framed as a line") {
        { count in
          var bytes: [UInt8] = []
          for _ in 0..<count {
            bytes.removeAll(keepingCapacity: true)
            bytes.append(line: payload)
            keep(Frame(.body, bytes))
          }
        }
      },
      Operation(name: "shared-event", title: "an event framed in advance") {
        let frames = wholeStream().frames(.event)
        return { count in
          for index in 0..<count { keep(frames[index & 0xfff]) }
        }
      },
      Operation(name: "page-of-1", title: "a poll's page of one token") {
        let tokens = [payload.json]
        return { count in
          for _ in 0..<count { keep(PollPage.json(tokens: tokens, next: 4_712, done: false, ending: nil)) }
        }
      },
      Operation(name: "page-of-100", title: "a poll's page of a hundred tokens") {
        let tokens = [[UInt8]](repeating: payload.json, count: 100)
        return { count in
          for _ in 0..<count { keep(PollPage.json(tokens: tokens, next: 4_811, done: false, ending: nil)) }
        }
      },
    ]
  }

  /// What readers do.
  static var parsing: [Operation] {
    let event = ServerSentEvent.encode(
      id: EventID(epoch: question.epoch.description, index: payload.index).description, data: payload.json)
    return [
      Operation(name: "read-event", title: "an event read") {
        var parser = EventStreamParser()
        return { count in for _ in 0..<count { read(event, with: &parser) } }
      },
      Operation(name: "read-cut-event", title: "an event read in two pieces") {
        var parser = EventStreamParser()
        let pieces = [Array(event[..<(event.count / 2)]), Array(event[(event.count / 2)...])]
        return { count in
          for _ in 0..<count {
            for piece in pieces { read(piece, with: &parser) }
          }
        }
      },
      Operation(name: "read-line", title: "a line read") {
        let line = payload.json + [UInt8(ascii: "\n")]
        var cutter = LineCutter()
        return { count in
          for _ in 0..<count { line.withUnsafeBytes { cutter.feed($0) { keep($0.count) } } }
        }
      },
      Operation(name: "read-chunk", title: "a chunk's framing taken off") {
        let chunk = Array("\(String(event.count, radix: 16))\r\n".utf8) + event + Array("\r\n".utf8)
        return { count in
          var decoder = ChunkDecoder()
          for _ in 0..<count {
            chunk.withUnsafeBytes { bytes in try? decoder.decode(bytes) { keep($0.count) } }
          }
        }
      },
      Operation(name: "read-page", title: "a page of one token read") {
        let page = PollPage.json(tokens: [payload.json], next: 4_712, done: false, ending: nil)
        return { count in for _ in 0..<count { keep(try? PollPage(json: page)) } }
      },
    ]
  }

  /// The tokens' own way from the generator to the readers.
  static var log: [Operation] {
    [
      Operation(name: "append", title: "a token written into a log that nobody reads, and shown") {
        { count in
          let log = TokenLog(epoch: question.epoch)
          for shown in 1...count {
            log.write("typewriter ")
            log.show(upTo: shown)
          }
        }
      },
      Operation(name: "wake", title: "a reader woken by its log") {
        let log = TokenLog(epoch: question.epoch)
        let readers = (0..<1_000).map { _ in WokenReader() }
        readers.forEach(log.subscribe)
        return { count in
          for _ in 0..<(count / readers.count) { log.show(upTo: 0) }
          keep(readers)
        }
      },
      Operation(name: "script", title: "a token generated") {
        {
          var script = Script(question)
          for _ in 0..<$0 {
            if let token = script.next() { keep(token) } else { script = Script(question) }
          }
        }
      },
    ]
  }

  /// A timer set anew for the next token of one of so many streams.
  static var dueQueue: [Operation] {
    [10, 1_000, 100_000].map { size in
      Operation(name: "due-of-\(size)", title: "the next due of \(size) streams, rescheduled") {
        var generator = SeededGenerator(seed: 1)
        var queue = DueQueue()
        for _ in 0..<size {
          queue.set(
            Timer { _ in }, due: Instant(nanoseconds: Int64.random(in: 0..<100_000_000, using: &generator)))
        }
        return { count in
          for _ in 0..<count {
            guard let due = queue.next, let action = queue.takeDue(at: due) else { return }
            queue.set(action, due: due.advanced(by: .milliseconds(100)))
            queue.didCall(action)
          }
        }
      }
    }
  }
}

private func read(_ bytes: [UInt8], with parser: inout EventStreamParser) {
  bytes.withUnsafeBytes { parser.feed($0) { _, data, _ in keep(data.count) } }
}

private final class WokenReader: LogReader {
  var logPosition: Int?
  private var wakes = 0

  func logDidGrow() { wakes += 1 }
}
