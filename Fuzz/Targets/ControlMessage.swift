import Answers
import Foundation
import FuzzSupport
import Wire

/// What either end of a WebSocket is told: the server's messages, the question and the stop of `/chat-socket`.
@main struct ControlMessages {
  static func main() {
    Fuzzer.run { input in
      checkMessage(input)
      checkQuestion(input)
      checkStop(input)
    }
  }

  private static func checkMessage(_ input: [UInt8]) {
    guard let message = try? StreamMessage(json: input) else { return }
    guard let again = try? StreamMessage(json: message.json) else {
      fatalError("what was written cannot be read: \(message)")
    }
    require(again == message, "written and read it is another message")
    require(again.json == message.json, "written and read its bytes are others")
    require(!message.json.contains(UInt8(ascii: "\n")), "a message of several lines")
  }

  private static func checkQuestion(_ input: [UInt8]) {
    do throws(FieldError) {
      let asking = try QuestionFields.asking(json: input)
      guard let again = try? QuestionFields.asking(json: asking.json) else {
        fatalError("what was written cannot be read: \(asking)")
      }
      require(again == asking, "written and read it is another question")
      var script = Script(asking.question)
      require(script.next()?.isEmpty == false, "an answer whose first token is empty")
    } catch {
      requireOneLine(error.description)
    }
  }

  private static func checkStop(_ input: [UInt8]) {
    guard Stop(json: input) != nil else { return }
    // Of equal names in an object either may count (RFC 8259, section 4), so it is not asked which value it has.
    let object = try? JSONSerialization.jsonObject(with: Data(input)) as? [String: Any]
    require(object?["stop"] is Bool, "a stop that does not say so")
  }
}
