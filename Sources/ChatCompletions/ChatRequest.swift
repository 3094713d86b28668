import Answers
import Foundation
import Wire

/// A request of the OpenAI interface: `POST /v1/chat/completions`.
///
/// Fields that the laboratory does not know are passed over, since clients send many. Its own fields of a question stand in
/// `pushlab`, such as `{"rate":50,"jitter":0}`.
public struct ChatRequest: Hashable, Sendable {
  /// Who is asked.
  public var model: String
  /// What is asked, with what was said before.
  public var question: Question
  /// Whether the answer is to come as it is made.
  public var isStreamed = false
  /// Whether the last chunk of a stream tells how many tokens there were.
  public var includesUsage = false
  /// Whether the client said how many tokens it takes.
  public var isLimited = false

  /// - Parameter ask: makes the question of a question's fields, within the server's limits.
  /// - Throws: `InterfaceError`.
  public init(
    json body: [UInt8], _ ask: ([UInt8]) throws(FieldError) -> Question
  ) throws(InterfaceError) {
    guard let request = try? JSONDecoder().decode(JSONValue.self, from: Data(body)), case .object = request
    else {
      throw InterfaceError(400, "the body is not a JSON object")
    }
    guard let model = request["model"]?.text, !model.isEmpty else {
      throw InterfaceError(400, "'model' takes a model's name; GET /v1/models lists them", parameter: "model")
    }
    self.model = model
    (isStreamed, includesUsage) = try Self.streaming(request)
    if let count = request["n"], count.whole != 1 {
      throw InterfaceError(400, "'n' takes 1: a stream has one answer", parameter: "n")
    }
    let said = try Self.messages(request)
    guard let asked = said.last(where: { $0.role == "user" && !$0.text.isEmpty }) else {
      throw InterfaceError(
        400, "'messages' has no message of the role user with a text", parameter: "messages")
    }
    let limit = try Self.limit(request)
    isLimited = limit != nil
    do throws(FieldError) {
      question = try ask(try Self.fields(request, prompt: asked.text, limit))
    } catch {
      throw InterfaceError(error.isTooLarge ? 413 : 400, error.description)
    }
    if said.count > 1 { question.conversation = said }
    question.isLimited = isLimited
  }

  private static func streaming(_ request: JSONValue) throws(InterfaceError) -> (Bool, Bool) {
    switch request["stream"] {
    case nil, .bool(false):
      guard request["stream_options"] == nil else {
        throw InterfaceError(
          400, "'stream_options' is only for answers that are streamed", parameter: "stream_options")
      }
      return (false, false)
    case .bool(true):
      return (true, request["stream_options"]?["include_usage"] == .bool(true))
    default:
      throw InterfaceError(400, "'stream' takes true or false", parameter: "stream")
    }
  }

  private static func messages(_ request: JSONValue) throws(InterfaceError) -> [Utterance] {
    guard let messages = request["messages"]?.array, !messages.isEmpty else {
      throw InterfaceError(
        400, #"'messages' takes a list such as [{"role":"user","content":"Why?"}]"#, parameter: "messages")
    }
    var said: [Utterance] = []
    for (place, message) in messages.enumerated() {
      guard let role = message["role"]?.text else {
        throw InterfaceError(400, "a message has a role", parameter: "messages[\(place)].role")
      }
      guard let text = text(of: message["content"]) else {
        throw InterfaceError(
          400, "a message's content is a text, or a list of parts of the type text",
          parameter: "messages[\(place)].content")
      }
      said.append(Utterance(role: role, text: text))
    }
    return said
  }

  private static func text(of content: JSONValue?) -> String? {
    // A message that calls tools has none.
    guard let content else { return "" }
    if let text = content.text { return text }
    guard let parts = content.array else { return nil }
    let texts = parts.compactMap { $0["type"]?.text == "text" ? $0["text"]?.text : nil }
    return texts.count == parts.count ? texts.joined() : nil
  }

  private static func limit(_ request: JSONValue) throws(InterfaceError) -> Int? {
    for name in ["max_completion_tokens", "max_tokens"] {
      guard let value = request[name] else { continue }
      guard let limit = value.whole, QuestionFields.tokens.contains(limit) else {
        throw InterfaceError(
          400, "'\(name)' takes a whole number from 1 to \(QuestionFields.tokens.upperBound)",
          parameter: name,
          code: "invalid_value")
      }
      return limit
    }
    return nil
  }

  /// The fields of `POST /streams` that ask the same. What the interface itself says counts more than the laboratory's own.
  private static func fields(
    _ request: JSONValue, prompt: String, _ limit: Int?
  ) throws(FieldError) -> [UInt8] {
    var fields = try ownFields(request)
    if let seed = request["seed"] {
      guard let seed = seed.whole else { throw FieldError("'seed' takes a whole number") }
      // The interface allows negative ones.
      fields["seed"] = String(UInt64(bitPattern: Int64(seed)) % (1 << 53))
    }
    if let limit { fields["tokens"] = String(limit) }
    fields["prompt"] = prompt.jsonString
    let pairs = fields.sorted { $0.key < $1.key }.map { "\($0.key.jsonString):\($0.value)" }
    return Array("{\(pairs.joined(separator: ","))}".utf8)
  }

  /// Those in `pushlab`, as JSON by name.
  private static func ownFields(_ request: JSONValue) throws(FieldError) -> [String: String] {
    guard let own = request["pushlab"] else { return [:] }
    guard case .object(let own) = own else {
      throw FieldError("'pushlab' takes an object of a question's fields")
    }
    var fields: [String: String] = [:]
    for (name, value) in own {
      guard !["prompt", "from", "epoch"].contains(name) else {
        throw FieldError("'pushlab' takes how an answer is paced, and no '\(name)'")
      }
      guard case .number(let number) = value else {
        throw FieldError("'pushlab' takes numbers, and '\(name)' is none")
      }
      fields[name] = Int(exactly: number).map(String.init) ?? String(number)
    }
    return fields
  }
}

extension ChatRequest {
  /// The body that asks a server for a streamed answer.
  /// - Parameters:
  ///   - tokens: the most that the answer may have.
  ///   - fields: further fields, a JSON object, which replace those that stand here, or where they are null take them out;
  ///     nil for none.
  /// - Returns: nil where the further fields are no JSON object.
  public static func body(
    asking prompt: String, of model: String, tokens: Int, adding fields: String?
  ) -> [UInt8]? {
    let body = body(asking: Question(prompt: prompt, tokenCount: tokens), of: model)
    guard let fields else { return body }
    guard let added = (try? JSONSerialization.jsonObject(with: Data(fields.utf8))) as? [String: Any],
      let all = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
    else { return nil }
    let merged = all.merging(added) { $1 }.filter { !($0.value is NSNull) }
    return
      (try? JSONSerialization.data(withJSONObject: merged, options: [.sortedKeys, .withoutEscapingSlashes]))
      .map(Array.init)
  }

  /// The body that asks an upstream model.
  /// - Parameter model: its name there.
  public static func body(asking question: Question, of model: String) -> [UInt8] {
    let said =
      question.conversation.isEmpty ? [Utterance(role: "user", text: question.prompt)] : question.conversation
    let messages = said.map { #"{"role":\#($0.role.jsonString),"content":\#($0.text.jsonString)}"# }
    return Array(
      #"""
      {"model":\#(model.jsonString),"messages":[\#(messages.joined(separator: ","))],\#
      \#(question.isLimited ? #""max_tokens":\#(question.tokenCount),"# : "")"stream":true,"stream_options":{"include_usage":true}}
      """#.utf8)
  }
}
