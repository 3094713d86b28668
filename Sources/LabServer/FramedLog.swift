import Answers
import LWS
import TokenStream
import Wire

/// How a token is made ready to travel for all who read it in one way.
package struct Framing: Sendable {
  /// Framings of one name are one framing.
  let name: StaticString
  let kind: Frame.Kind
  /// What stands before every token of a stream.
  let start: @Sendable (Epoch) -> [UInt8]
  /// Appends a token, with what stands before it.
  let append: @Sendable (inout [UInt8], TokenPayload, _ start: [UInt8]) -> Void

  init(
    _ name: StaticString, _ kind: Frame.Kind, start: @escaping @Sendable (Epoch) -> [UInt8] = { _ in [] },
    append: @escaping @Sendable (inout [UInt8], TokenPayload, _ start: [UInt8]) -> Void
  ) {
    self.name = name
    self.kind = kind
    self.start = start
    self.append = append
  }
}

/// A stream's tokens in one form, each made once, however many readers there are. They are made as they are written,
/// several at a time, and so ahead of the instant at which they may be sent.
package final class TokenCache<Form> {
  private var made: [Form] = []
  private let log: TokenLog
  private let make: (TokenPayload) -> Form

  init(_ log: TokenLog, make: @escaping (TokenPayload) -> Form) {
    self.log = log
    self.make = make
  }

  package subscript(index: Int) -> Form {
    if index >= made.count { makeWritten() }
    return made[index]
  }

  private func makeWritten() {
    for index in made.count..<log.written {
      made.append(make(TokenPayload(index: index, token: log.texts[index])))
    }
  }
}

/// A stream's tokens as bytes: each is put into JSON once, and framed once for each framing that somebody reads.
package final class FramedLog {
  package let log: TokenLog
  private let payloads: TokenCache<[UInt8]>
  private var framed: [(name: StaticString, frames: TokenCache<Frame>)] = []

  package init(_ log: TokenLog) {
    self.log = log
    payloads = TokenCache(log, make: \.json)
  }

  /// How many tokens are there.
  var count: Int { log.count }

  /// A token's JSON.
  func payload(_ index: Int) -> [UInt8] { payloads[index] }

  /// The tokens in this framing.
  package func frames(_ framing: Framing) -> TokenCache<Frame> {
    if let known = framed.first(where: { $0.name.utf8Start == framing.name.utf8Start }) {
      return known.frames
    }
    let start = framing.start(log.epoch)
    // Kept for its memory.
    var scratch: [UInt8] = []
    let frames = TokenCache(log) { token in
      scratch.removeAll(keepingCapacity: true)
      framing.append(&scratch, token, start)
      return Frame(framing.kind, scratch)
    }
    framed.append((framing.name, frames))
    return frames
  }
}
