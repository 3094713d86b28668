import Foundation

/// A recorded answer: JSON lines, of which the first says where it comes from and each other one holds a token.
///
///     {"trace":1,"source":"how it was made","model":"its name","prompt":"what was asked"}
///     {"ms":163.2,"text":"The"}
///     {"ms":171,"bytes":"f09f98"}
///
/// `ms` counts from the question, and never falls. A token that is not whole characters stands there as its bytes, in
/// lower-case hexadecimal digits. JSON cannot carry half a character: the token's text is what is whole by then, which may
/// be nothing, and the rest comes with the token that completes it. Bytes that are no UTF-8 become U+FFFD.
public struct Trace: Hashable, Sendable {
  public struct Token: Hashable, Sendable {
    public var text: String
    /// Since the question.
    public var offset: Duration

    public init(text: String, offset: Duration) {
      self.text = text
      self.offset = offset
    }
  }

  /// How the trace was made.
  public var source: String
  /// Who answered; nil where nobody did.
  public var model: String?
  /// What was asked.
  public var prompt: String
  public var tokens: [Token]

  /// The most tokens of a trace: as many as an answer has.
  public static let mostTokens = 100_000
  /// The longest time of a token, as of a question's think time and all.
  private static let mostMilliseconds = 86_400_000.0

  private struct Head: Decodable {
    var trace: Int
    var source: String
    var model: String?
    var prompt: String
  }

  fileprivate struct Line: Decodable {
    var ms: Double
    var text: String?
    var bytes: String?
  }

  public init(source: String, model: String?, prompt: String, tokens: [Token]) {
    self.source = source
    self.model = model
    self.prompt = prompt
    self.tokens = tokens
  }

  /// The model, and how the trace was made.
  public var origin: String { model.map { "\($0), \(source)" } ?? source }

  /// The file's lines; times to the microsecond.
  public var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    func json(_ value: some Encodable) -> String {
      // Texts and finite numbers always encode.
      String(decoding: try! encoder.encode(value), as: UTF8.self)
    }
    let model = model.map { #""model":\#(json($0)),"# } ?? ""
    let head = #"{"trace":1,"source":\#(json(source)),\#(model)"prompt":\#(json(prompt))}"#
    let lines = tokens.map { token in
      let microseconds = token.offset / .microseconds(1)
      return #"{"ms":\#(json(microseconds.rounded() / 1_000)),"text":\#(json(token.text))}"#
    }
    return ([head] + lines).map { $0 + "\n" }.joined()
  }

  /// - Parameter name: how whoever named the file did, for what is said of it; its path if left out.
  /// - Throws: `TraceMistake`.
  public init(file path: String, name: String? = nil) throws(TraceMistake) {
    let name = name ?? path
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw TraceMistake("the trace '\(name)' cannot be read")
    }
    try self.init(Array(bytes), name: name)
  }

  /// - Parameter name: the file's, for what is said of it.
  /// - Throws: `TraceMistake`.
  public init(_ bytes: [UInt8], name: String) throws(TraceMistake) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    func mistake(_ number: Int, _ what: String) -> TraceMistake {
      TraceMistake("\(name), line \(number): \(what)")
    }
    guard let head = try? JSONDecoder().decode(Head.self, from: Data(lines[0])), head.trace == 1 else {
      throw mistake(1, #"a trace begins with {"trace":1,"source":"…","model":"…","prompt":"…"}"#)
    }
    source = head.source
    model = head.model
    prompt = head.prompt
    tokens = []
    var characters = WholeCharacters()
    for (number, line) in zip(2..., lines.dropFirst()) where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0d }) {
      guard let read = try? JSONDecoder().decode(Line.self, from: Data(line)), let bytes = read.token else {
        throw mistake(
          number,
          #"each token is {"ms":163.2,"text":"…"}, or has "bytes" in lower-case hexadecimal digits instead"#)
      }
      guard (0...Self.mostMilliseconds).contains(read.ms) else {
        throw mistake(number, "'ms' takes milliseconds from 0 to a day")
      }
      let offset = Duration.nanoseconds(Int64((read.ms * 1_000_000).rounded()))
      guard offset >= tokens.last?.offset ?? .zero else {
        throw mistake(number, "'ms' runs backwards: the token before has a later time")
      }
      tokens.append(Token(text: characters.take(bytes), offset: offset))
      guard tokens.count <= Self.mostTokens else {
        throw mistake(number, "a trace has at most \(Self.mostTokens) tokens")
      }
    }
    guard !tokens.isEmpty else { throw mistake(lines.count, "the trace has no token") }
    tokens[tokens.count - 1].text += characters.rest
  }
}

/// What is wrong with a trace, in one line that names its file and line.
public struct TraceMistake: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}

extension Trace.Line {
  /// The token's bytes; nil where the line has none, or both kinds.
  fileprivate var token: [UInt8]? {
    switch (text, bytes) {
    case (let text?, nil): Array(text.utf8)
    case (nil, let digits?): [UInt8](hexadecimal: digits)
    default: nil
    }
  }
}
