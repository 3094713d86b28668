import Answers
import Foundation
import MonotonicTime
import PlainText

/// A mistake in a request's field, in one line that names the field and what it takes.
public struct FieldError: Error, Hashable, CustomStringConvertible {
  public let description: String
  /// The field is in order but for its size.
  public let isTooLarge: Bool

  public init(_ description: String, isTooLarge: Bool = false) {
    self.description = description.onOneLine
    self.isTooLarge = isTooLarge
  }
}

/// A question, and where in its answer a reader wants to begin: where the question determines the answer, a server that
/// never saw the reader can give it the rest.
public struct Asking: Hashable, Sendable {
  public var question: Question
  /// The first index wanted.
  public var from = 0
  /// The epoch that `from` counts in; nil where the reader knows none.
  public var epoch: String?

  public init(_ question: Question, from: Int = 0, epoch: String? = nil) {
    self.question = question
    self.from = from
    self.epoch = epoch
  }
}

/// The fields of a question as they come in, from a JSON body or a query, and their bounds.
public enum QuestionFields {
  /// Longest prompt, in bytes of UTF-8, where nobody sets a lower limit.
  public static let promptLimit = 65_536
  public static let tokens = 1...100_000
  public static let rate = 0.01...100_000.0
  public static let jitter = 0.0...10.0
  public static let thinkSeconds = 0.0...3_600.0
  public static let burst = 1...1_000
  public static let size = 1...1_000
  /// The largest integer that JavaScript's numbers carry exactly.
  public static let seed = 0...9_007_199_254_740_991

  /// What `POST /streams` and `/chat-socket` take: a question, and where to go on in its answer.
  /// - Parameter promptLimit: bytes of the prompt in UTF-8.
  /// - Throws: `FieldError`.
  public static func asking(
    json body: [UInt8], promptLimit: Int = promptLimit
  ) throws(FieldError) -> Asking {
    let object: [String: JSONScalar]
    do {
      object = try JSONDecoder().decode([String: JSONScalar].self, from: Data(body))
    } catch {
      throw FieldError(#"the body is not a JSON object such as {"prompt":"Why is the sky blue?"}"#)
    }
    return try asking(object, promptLimit, isStrict: true)
  }

  private static func asking(
    _ object: [String: JSONScalar], _ promptLimit: Int, isStrict: Bool
  ) throws(FieldError) -> Asking {
    var asking = Asking(try question(object, promptLimit, isStrict: isStrict))
    asking.from = try whole(object, "from", 0...tokens.upperBound) ?? 0
    if let epoch = object["epoch"] {
      guard case .text(let text) = epoch else { throw FieldError("'epoch' takes the text that named it") }
      asking.epoch = text
    }
    return asking
  }

  /// - Throws: `FieldError`.
  public static func question(json body: [UInt8]) throws(FieldError) -> Question {
    try asking(json: body).question
  }

  /// What `GET /chat-stream` takes: the same.
  /// - Parameters:
  ///   - query: fields that the question does not know are left to others.
  ///   - promptLimit: bytes of the prompt in UTF-8.
  /// - Throws: `FieldError`.
  public static func asking(
    query: [(name: String, value: String)], promptLimit: Int = promptLimit
  ) throws(FieldError) -> Asking {
    let pairs = query.map { name, value in
      // A prompt may look like a number, and so may an epoch.
      let isText = name == "prompt" || name == "epoch"
      return (name, isText ? .text(value) : Double(decimal: value).map(JSONScalar.number) ?? .text(value))
    }
    return try asking(
      Dictionary(pairs, uniquingKeysWith: { first, _ in first }), promptLimit, isStrict: false)
  }

  /// - Parameter query: fields that the question does not know are left to others.
  /// - Throws: `FieldError`.
  public static func question(query: [(name: String, value: String)]) throws(FieldError) -> Question {
    try asking(query: query).question
  }

  private static func question(
    _ object: [String: JSONScalar], _ promptLimit: Int, isStrict: Bool
  ) throws(FieldError) -> Question {
    let known = ["prompt", "seed", "tokens", "rate", "jitter", "think", "burst", "size", "from", "epoch"]
    if isStrict, let unknown = object.keys.sorted().first(where: { !known.contains($0) }) {
      throw FieldError(
        "'\(unknown.prefix(40))' is not a field; the fields are \(known.joined(separator: ", "))")
    }
    guard case .text(let prompt)? = object["prompt"], !prompt.isEmpty else {
      throw FieldError("'prompt' takes a text of 1 to \(promptLimit) bytes")
    }
    guard prompt.utf8.count <= promptLimit else {
      throw FieldError(
        "'prompt' has \(prompt.utf8.count) bytes; it takes at most \(promptLimit)", isTooLarge: true)
    }
    var question = Question(prompt: prompt)
    if let value = try whole(object, "seed", seed) { question.seed = UInt64(value) }
    if let value = try whole(object, "tokens", tokens) { question.tokenCount = value }
    if let value = try number(object, "rate", rate) { question.pacing.rate = value }
    if let value = try number(object, "jitter", jitter) { question.pacing.jitter = value }
    if let value = try number(object, "think", thinkSeconds) {
      question.pacing.think = Duration(roundedSeconds: value)
    }
    if let value = try whole(object, "burst", burst) { question.pacing.burst = value }
    if let value = try whole(object, "size", size) { question.tokenSize = value }
    return question
  }

  private static func number(
    _ object: [String: JSONScalar], _ name: String, _ bounds: ClosedRange<Double>
  ) throws(FieldError) -> Double? {
    guard let value = object[name] else { return nil }
    guard case .number(let number) = value, bounds.contains(number) else {
      throw FieldError("'\(name)' takes a number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return number
  }

  private static func whole(
    _ object: [String: JSONScalar], _ name: String, _ bounds: ClosedRange<Int>
  ) throws(FieldError) -> Int? {
    guard let value = object[name] else { return nil }
    guard case .number(let number) = value, let whole = Int(exactly: number), bounds.contains(whole) else {
      throw FieldError("'\(name)' takes a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return whole
  }
}

/// The JSON values a field can have; anything else is told apart by being neither.
private enum JSONScalar: Decodable {
  case text(String)
  case number(Double)
  case other

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .other
    }
  }
}

extension Question {
  /// The query of `GET /chat-stream` that asks this.
  public var query: String {
    let prompt = prompt.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "prompt=\(prompt)&seed=\(seed)&tokens=\(tokenCount)&rate=\(pacing.rate)&jitter=\(pacing.jitter)"
      + "&think=\(pacing.think.inSeconds)&burst=\(pacing.burst)&size=\(tokenSize)"
  }
}

extension Asking {
  /// The body of `POST /streams` that asks this.
  public var json: [UInt8] {
    guard from > 0 || epoch != nil else { return question.json }
    var bytes = question.json.dropLast() + #","from":\#(from)"#.utf8
    if let epoch {
      bytes.append(contentsOf: #","epoch":"#.utf8)
      var text: [UInt8] = []
      text.append(jsonString: epoch)
      bytes.append(contentsOf: text)
    }
    return Array(bytes + "}".utf8)
  }
}

extension Question {
  /// The body of `POST /streams` that asks this.
  public var json: [UInt8] {
    var bytes = Array(#"{"prompt":"#.utf8)
    bytes.append(jsonString: prompt)
    bytes.append(
      contentsOf: #"""
        ,"seed":\#(seed),"tokens":\#(tokenCount),"rate":\#(pacing.rate),"jitter":\#(pacing.jitter),\#
        "think":\#(pacing.think.inSeconds),"burst":\#(pacing.burst),"size":\#(tokenSize)}
        """#.utf8)
    return bytes
  }
}
