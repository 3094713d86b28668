import Answers
import Foundation

/// The answer to a short or long poll: the tokens from the index asked for, as far as they exist.
public struct PollPage: Hashable, Sendable, Codable {
  public var tokens: [TokenPayload]
  /// The index to ask for next.
  public var next: Int
  /// The stream has ended and this page reaches its end.
  public var done: Bool
  /// Why it ended; present where `done` is true.
  public var reason: EndReason?
  /// Why the answer failed; nil unless it did.
  public var error: String?

  public init(
    tokens: [TokenPayload], next: Int, done: Bool, reason: EndReason?, error: String? = nil
  ) {
    self.tokens = tokens
    self.next = next
    self.done = done
    self.reason = reason
    self.error = error
  }

  /// Puts a page together from tokens' JSON that was made before.
  public static func json(tokens: [[UInt8]], next: Int, done: Bool, ending: Ending?) -> [UInt8] {
    var bytes: [UInt8] = []
    // What stands around the tokens is shorter than this.
    bytes.reserveCapacity(tokens.reduce(100) { $0 + $1.count + 1 })
    bytes.append(ascii: #"{"tokens":["#)
    for token in tokens {
      if bytes.last == UInt8(ascii: "}") { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: token)
    }
    bytes.append(ascii: #"],"next":"#)
    bytes.append(decimal: next)
    bytes.append(ascii: done ? #","done":true"# : #","done":false"#)
    if done, let ending {
      bytes.append(contentsOf: #","reason":"\#(ending.reason.rawValue)""#.utf8)
      if let failure = ending.failure {
        bytes.append(ascii: #","error":"#)
        bytes.append(jsonString: failure)
      }
    }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  public var json: [UInt8] {
    let ending = reason.map { Ending($0, failure: error) }
    return Self.json(tokens: tokens.map(\.json), next: next, done: done, ending: ending)
  }

  /// - Throws: `DecodingError`, for an index to go on from that no answer has too.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    tokens = try fields.decode([TokenPayload].self, forKey: .tokens)
    next = try fields.tokens(.next)
    done = try fields.decode(Bool.self, forKey: .done)
    reason = try fields.decodeIfPresent(EndReason.self, forKey: .reason)
    error = try fields.decodeIfPresent(String.self, forKey: .error)
  }

  /// A reason that comes before the end is left out.
  /// - Throws: `DecodingError` where the bytes are not a page.
  public init(json: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(PollPage.self, from: Data(json))
    if !done { (reason, error) = (nil, nil) }
  }
}

extension EndReason: Codable {}
