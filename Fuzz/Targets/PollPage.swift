import Answers
import FuzzSupport
import Wire

/// The poll page: what is read of one is written so that it reads the same; any page that is made does, too.
@main struct PollPages {
  static func main() {
    Fuzzer.run { input in
      if let page = try? PollPage(json: input) { check(page) }
      check(made(of: input))
    }
  }

  private static func check(_ page: PollPage) {
    guard let again = try? PollPage(json: page.json) else { fatalError("what was written cannot be read") }
    require(again == page, "written and read it is another page")
    require(again.json == page.json, "written and read its bytes are others")
  }

  /// A page with the input's lines as tokens.
  private static func made(of input: [UInt8]) -> PollPage {
    let texts = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let tokens = texts.enumerated().map { index, text in
      TokenPayload(index: index, token: String(decoding: text, as: UTF8.self) + "\n")
    }
    let isDone = input.count.isMultiple(of: 2)
    return PollPage(tokens: tokens, next: tokens.count, done: isDone, reason: isDone ? .stopped : nil)
  }
}
