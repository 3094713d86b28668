import Foundation
import PlainText
import Wire

/// The interface's error object: `{"error":{"message":"…","type":"…","param":"…","code":"…"}}`.
public struct InterfaceError: Error, Hashable, Sendable {
  /// The response's status.
  public var status: Int
  /// In words, in one line.
  public var message: String
  /// The kind of error, such as `invalid_request_error`.
  public var type: String
  /// The field that is wrong, such as `messages[0].content`.
  public var parameter: String?
  /// What it is for a program, such as `model_not_found`; nil where its type says all.
  public var code: String?
  /// Seconds after which it may be tried again (RFC 9110, section 10.2.3); nil where that would not help.
  public var retryAfter: Int?

  public init(
    _ status: Int, _ message: String, type: String = "invalid_request_error", parameter: String? = nil,
    code: String? = nil
  ) {
    self.status = status
    self.message = message.onOneLine
    self.type = type
    self.parameter = parameter
    self.code = code
  }

  /// The body of a response.
  public var json: [UInt8] {
    var bytes = Array(#"{"error":{"message":"#.utf8)
    bytes.append(jsonString: message)
    for (name, value) in [("type", type), ("param", parameter), ("code", code)] {
      bytes.append(contentsOf: #","\#(name)":"#.utf8)
      if let value { bytes.append(jsonString: value) } else { bytes.append(contentsOf: "null".utf8) }
    }
    bytes.append(contentsOf: "}}".utf8)
    return bytes
  }

  /// What a server's error says in words, as far as anything does: the interface's object, one like it, or the text.
  public static func words(in body: [UInt8]) -> String {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(body)) else {
      return String(decoding: body, as: UTF8.self)
    }
    return words(in: value) ?? String(decoding: body, as: UTF8.self)
  }

  static func words(in value: JSONValue) -> String? {
    value["error"]?["message"]?.text ?? value["error"]?.text ?? value["message"]?.text
      ?? value["detail"]?.text
  }
}
