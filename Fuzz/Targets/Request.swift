import Answers
import FuzzSupport
import TokenStream
import Wire

@testable import LWS
@testable import LabServer

/// A request's head as it comes from a client: where it ends, what it says, and what the lab makes of it.
@main struct Requests {
  private static let limits = ConnectionLimits()

  static func main() {
    Fuzzer.run { input in
      var scan = HeadScan()
      let progress = input.withUnsafeBytes { scan.look(at: $0, limits) }
      checkPieces(input, progress)
      guard case .whole(let count) = progress else { return }
      require(input[..<count].last == UInt8(ascii: "\n"), "a head ends with its empty line")
      do throws(RequestProblem) {
        let head = try read(input[..<count])
        checkHead(head)
        checkRoute(head.request.path)
        checkReading(head.request.query)
        checkQuestion(head.request.query)
      } catch {
        require(!Response.refusal(error, Limits()).body.isEmpty, "a refusal without words")
      }
    }
  }

  private static func read(_ bytes: ArraySlice<UInt8>) throws(RequestProblem) -> RequestHead {
    var head: Result<RequestHead, RequestProblem>?
    bytes.withUnsafeBytes { bytes in
      do throws(RequestProblem) {
        head = .success(try RequestHead(bytes, names: Lab.fieldNames))
      } catch {
        head = .failure(error)
      }
    }
    return try head!.get()
  }

  /// However the bytes are cut, the head ends where it did, or is refused, maybe sooner.
  private static func checkPieces(_ input: [UInt8], _ whole: HeadScan.Progress) {
    var scan = HeadScan()
    var progress = HeadScan.Progress.incomplete
    var count = 0
    while progress == .incomplete, count < input.count {
      count = min(input.count, count + 1 + count % 7)
      progress = input[..<count].withUnsafeBytes { scan.look(at: $0, limits) }
    }
    if progress == whole { return }
    guard case .refused = progress else {
      require(false, "\(progress) in pieces, \(whole) at once")
      return
    }
    // A request line that is none is told before the head has come.
    if case .whole(let count) = whole {
      do throws(RequestProblem) {
        _ = try read(input[..<count])
        require(false, "\(progress) in pieces, and read at once")
      } catch {
        require(progress == .refused(error), "\(progress) in pieces, \(error) at once")
      }
    }
  }

  private static func checkHead(_ head: RequestHead) {
    let request = head.request
    require(request.path.hasPrefix("/") || request.path == "*", "the path \(request.path)")
    require(
      !request.path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) },
      "a way out in \(request.path)")
    require(!request.lineWithoutToken.dropLast().contains("\r\n"), "a line of two")
    if case .webSocket(let key, _) = head.handshake {
      require(request.method == .get && request.version == "HTTP/1.1", "a WebSocket of \(request.method)")
      require(!key.utf8.contains { $0 <= 0x20 || $0 >= 0x7f }, "the key \(key)")
    }
  }

  private static func checkRoute(_ path: String) {
    let route = Route(path)
    require(route.methods.contains(.options), "a path that tells no methods")
    switch route {
    case .stream(let id): require(path == "/streams/\(id)", "\(path) is stream \(id)")
    case .read(let id, let served):
      let transport = served.transport
      require(path == "/streams/\(id)/\(transport.resource)", "\(path) is \(transport.name) of \(id)")
      require(route.isWebSocket == (transport.exchange == .socket), "a WebSocket by one name only")
    case .file(let file): require(file == path && !path.hasPrefix("/streams/"), "\(path) is file \(file)")
    case .nothing(let hint): requireOneLine(hint)
    default: break
    }
  }

  private static func checkReading(_ query: [(name: String, value: String)]) {
    let request = Request(method: .get, path: "/", query: query)
    for transport in servedTransports {
      do throws(FieldError) {
        let asked = try transport.init(request)
        require(asked.place.from >= 0, "from \(asked.place.from)")
        if let poll = asked as? LongPolling {
          require((.zero ... .seconds(120)).contains(poll.wait), "wait \(poll.wait)")
        }
      } catch {
        requireOneLine(error.description)
      }
    }
  }

  private static func checkQuestion(_ query: [(name: String, value: String)]) {
    do throws(FieldError) {
      let question = try QuestionFields.question(query: query)
      require(question.prompt.utf8.count <= QuestionFields.promptLimit, "too long a prompt")
      require(QuestionFields.tokens.contains(question.tokenCount), "\(question.tokenCount) tokens")
      require(QuestionFields.rate.contains(question.pacing.rate), "rate \(question.pacing.rate)")
      var schedule = Schedule(question)
      require(schedule.next() == question.pacing.think, "the first token does not come after the thinking")
    } catch {
      requireOneLine(error.description)
    }
  }
}
