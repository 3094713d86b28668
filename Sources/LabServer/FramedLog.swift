import Answers
import LWS
import TokenStream
import Wire

/// How a token is made ready to travel for all who read it in one way; there is one object for each such way.
package final class Framing: Sendable {
  let kind: Frame.Kind
  /// What stands before every token of a stream.
  let start: @Sendable (Epoch) -> [UInt8]
  /// Appends a token, with what stands before it.
  let append: @Sendable (inout [UInt8], TokenPayload, _ start: [UInt8]) -> Void

  init(
    _ kind: Frame.Kind, start: @escaping @Sendable (Epoch) -> [UInt8] = { _ in [] },
    append: @escaping @Sendable (inout [UInt8], TokenPayload, _ start: [UInt8]) -> Void
  ) {
    self.kind = kind
    self.start = start
    self.append = append
  }
}

/// A stream's tokens in one form, each made once, however many readers there are. They are made several at a time, and so
/// ahead of the instant at which they may be sent; not all at once, because a log that is read late may be long, and
/// everybody else would wait.
package final class TokenCache<Form> {
  private var made: [Form] = []
  private let log: TokenLog
  private let make: (TokenPayload) -> Form
  /// What was made last of several, which other readers mostly want next.
  private var lastRun: (range: Range<Int>, form: Form)?

  init(_ log: TokenLog, make: @escaping (TokenPayload) -> Form) {
    self.log = log
    self.make = make
  }

  /// - Parameter index: of a token that is written.
  package subscript(index: Int) -> Form {
    if index >= made.count { make(upTo: index) }
    return made[index]
  }

  /// Several tokens in one form.
  /// - Parameter range: of tokens that are written.
  func run(_ range: Range<Int>, joined join: ([Form]) -> Form) -> Form {
    if let lastRun, lastRun.range == range { return lastRun.form }
    let form = join(range.map { self[$0] })
    lastRun = (range, form)
    return form
  }

  private func make(upTo index: Int) {
    for index in made.count..<min(log.written, index + Self.batch) {
      made.append(make(TokenPayload(index: index, token: log.texts[index])))
    }
  }

  /// How many are made beyond the one that is asked for, itself included.
  private static var batch: Int { 64 }
}

/// A stream's tokens as bytes: each is put into JSON once, and framed once for each framing that somebody reads.
package final class FramedLog {
  package let log: TokenLog
  private let payloads: TokenCache<[UInt8]>
  private var framed: [(framing: Framing, frames: TokenCache<Frame>)] = []
  /// The last page that a poll got, as the next one mostly gets.
  private var lastPage: (from: Int, log: (count: Int, hasEnded: Bool), page: PageBytes)?

  /// Who lags behind gets a larger one, which nobody else asks for.
  private static let largestKeptPage = 1_024

  package init(_ log: TokenLog) {
    self.log = log
    payloads = TokenCache(log, make: \.json)
  }

  /// How many tokens are there.
  var count: Int { log.count }

  /// What its end says, once it has ended.
  var done: Done { Done(log.end ?? .complete, tokens: count) }

  /// A token's JSON.
  func payload(_ index: Int) -> [UInt8] { payloads[index] }

  /// What a poll gets from a token on. Readers that have all there is ask for the same, and get what was made once.
  func page(from index: Int) -> PageBytes {
    let state = (log.count, log.hasEnded)
    if let lastPage, lastPage.from == index, lastPage.log == state { return lastPage.page }
    let page = PageBytes(of: self, from: index)
    if page.response.body.count <= Self.largestKeptPage { lastPage = (index, state, page) }
    return page
  }

  /// The tokens in this framing.
  package func frames(_ framing: Framing) -> TokenCache<Frame> {
    if let known = framed.first(where: { $0.framing === framing }) {
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
    framed.append((framing, frames))
    return frames
  }
}
