/// What a reader asks: it determines every token's text and, once started, every token's intended instant.
public struct Question: Hashable, Sendable {
  public var prompt: String
  /// Two questions that differ only in this have different answers, but for what every answer to a prompt begins with.
  public var seed: UInt64
  /// How many tokens the answer has.
  public var tokenCount: Int
  /// Whether whoever asks said so; a model that is asked by nobody's number ends by itself.
  public var isLimited = true
  /// How many of the script's pieces, of about four characters each, make one token.
  public var tokenSize: Int
  public var pacing: Pacing
  /// All that was said, the prompt among it; empty where the prompt is all.
  public var conversation: [Utterance] = []

  public init(
    prompt: String, seed: UInt64 = 0, tokenCount: Int = 200, tokenSize: Int = 1, pacing: Pacing = Pacing()
  ) {
    self.prompt = prompt
    self.seed = seed
    self.tokenCount = tokenCount
    self.tokenSize = tokenSize
    self.pacing = pacing
  }

  /// How much text the answer is: pieces of about four characters.
  public var pieceCount: Int { tokenCount * tokenSize }

  /// Names the answer's text: two streams with equal epochs hold the same tokens, also on two servers or
  /// before and after a restart. The pacing is left out, since it changes no token.
  public var epoch: Epoch {
    var digest = Digest(of: "text")
    digest.add(Script.edition)
    digest.add(prompt)
    digest.add(seed)
    digest.add(UInt64(tokenCount))
    digest.add(UInt64(tokenSize))
    for said in conversation {
      digest.add(said.role)
      digest.add(said.text)
    }
    return Epoch(rawValue: digest.value)
  }
}

/// What somebody said in a conversation with a model.
public struct Utterance: Hashable, Sendable {
  /// Who: `system`, `user`, `assistant`, or another that the model knows.
  public var role: String
  public var text: String

  public init(role: String, text: String) {
    self.role = role
    self.text = text
  }
}

/// The identity of an answer's text, written as 16 hexadecimal digits.
public struct Epoch: RawRepresentable, Hashable, Sendable, LosslessStringConvertible {
  public var rawValue: UInt64

  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// - Parameter description: exactly 16 lower-case hexadecimal digits.
  public init?(_ description: String) {
    self.init(digits: Substring(description).utf8)
  }

  /// - Parameter digits: the same digits as bytes of ASCII.
  package init?(digits: Substring.UTF8View) {
    rawValue = 0
    guard digits.count == 16 else { return nil }
    for byte in digits {
      guard let digit = UInt8(hexadecimalDigit: byte) else { return nil }
      rawValue = rawValue << 4 | UInt64(digit)
    }
  }

  public var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
