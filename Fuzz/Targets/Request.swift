import FuzzSupport
import LWS
import TokenStream
import Wire

@testable import LabServer

/// A request's path and query as libwebsockets hands them over, percent-decoded: `PATH?NAME=VALUE&…`.
@main struct Requests {
  static func main() {
    Fuzzer.run { input in
      guard let text = String(validating: input, as: UTF8.self) else { return }
      let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      checkRoute("/" + parts[0])
      let query = parts.dropFirst().flatMap { $0.split(separator: "&") }.map { pair in
        let name = pair.prefix { $0 != "=" }
        return (name: String(name), value: String(pair[name.endIndex...].dropFirst()))
      }
      checkReading(query)
      checkQuestion(query)
    }
  }

  private static func checkRoute(_ path: String) {
    let route = Route(path)
    require(route.methods.contains(.options), "a path that tells no methods")
    switch route {
    case .stream(let id): require(path == "/streams/\(id)", "\(path) is stream \(id)")
    case .read(let id, let transport):
      require(path == "/streams/\(id)/\(transport.resource)", "\(path) is \(transport) of \(id)")
      require(route.isWebSocket == (transport == .webSocket), "a WebSocket by one name only")
    case .file(let file): require(file == path && !path.hasPrefix("/streams/"), "\(path) is file \(file)")
    case .nothing(let hint): requireOneLine(hint)
    default: break
    }
  }

  private static func checkReading(_ query: [(name: String, value: String)]) {
    do throws(FieldError) {
      let reading = try Reading(Request(method: .get, path: "/", query: query))
      require(reading.from >= 0, "from \(reading.from)")
      require((.zero ... .seconds(120)).contains(reading.wait), "wait \(reading.wait)")
    } catch {
      requireOneLine(error.description)
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
