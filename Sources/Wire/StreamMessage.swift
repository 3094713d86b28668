import Answers
import Foundation

/// What the server says of a stream in JSON, by itself: a text message on a WebSocket.
public enum StreamMessage: Hashable, Sendable {
  case token(TokenPayload)
  /// The stream has ended.
  case done(Done)
  /// Names the stream, where it was asked for on the connection that reads it.
  case started(StreamStarted)
  /// Why nothing comes, or nothing more.
  case error(String)

  /// The media type of messages on a line each. Newline-delimited JSON has no registered one; this is in use.
  public static let linesMediaType = "application/x-ndjson"

  public var json: [UInt8] {
    switch self {
    case .token(let payload):
      return payload.json
    case .done(let done):
      return Array(#"{"done":\#(done.text)}"#.utf8)
    case .started(let started):
      return Array(#"{"started":\#(started.text)}"#.utf8)
    case .error(let text):
      return ErrorBody(error: text).json
    }
  }

  private struct Shape: Decodable {
    var token: TokenPayload?
    var done: Done?
    var started: StreamStarted?
    var error: String?

    enum CodingKeys: CodingKey {
      case index, token, done, started, error
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      let isToken = fields.contains(.index) && fields.contains(.token)
      token = isToken ? try TokenPayload(from: decoder) : nil
      done = try fields.decodeIfPresent(Done.self, forKey: .done)
      started = try fields.decodeIfPresent(StreamStarted.self, forKey: .started)
      error = try fields.decodeIfPresent(String.self, forKey: .error)
    }
  }

  /// - Throws: `DecodingError` where the bytes are none of the messages.
  public init(json: some Sequence<UInt8>) throws {
    let shape = try JSONDecoder().decode(Shape.self, from: Data(json))
    if let token = shape.token {
      self = .token(token)
    } else if let done = shape.done {
      self = .done(done)
    } else if let started = shape.started {
      self = .started(started)
    } else if let error = shape.error {
      self = .error(error)
    } else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "not a known message"))
    }
  }
}

/// `{"stop":true}`: what a reader sends on its WebSocket to end the generation.
public struct Stop: Hashable, Sendable, Codable {
  public var stop = true

  public init() {}

  /// - Returns: nil where the bytes say anything else.
  public init?(json: some Sequence<UInt8>) {
    guard let message = try? JSONDecoder().decode(Stop.self, from: Data(json)), message.stop else {
      return nil
    }
    self = message
  }

  public var json: [UInt8] { Array(#"{"stop":true}"#.utf8) }
}

/// What the end of a stream carries: the data of an event stream's `done` event.
public struct Done: Hashable, Sendable, Codable {
  public var reason: EndReason
  /// How many tokens the stream had in all.
  public var tokens: Int
  /// Why the answer failed; nil unless it did.
  public var error: String?

  public init(reason: EndReason, tokens: Int, error: String? = nil) {
    self.reason = reason
    self.tokens = tokens
    self.error = error
  }

  public init(_ ending: Ending, tokens: Int) {
    self.init(reason: ending.reason, tokens: tokens, error: ending.failure)
  }

  /// The data of `/chat-stream`'s own `done` event, which says neither: its ID tells how many tokens there were.
  public static let ofChat = "[STREAM_END]"

  /// - Throws: `DecodingError`, for a number of tokens that no answer has too.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      reason: try fields.decode(EndReason.self, forKey: .reason), tokens: try fields.tokens(.tokens),
      error: try fields.decodeIfPresent(String.self, forKey: .error))
  }

  /// The JSON text.
  public var text: String {
    let error = error.map { #","error":\#($0.jsonString)"# } ?? ""
    return #"{"reason":"\#(reason.rawValue)","tokens":\#(tokens)\#(error)}"#
  }
}

/// What names a stream that was started: the body of 201, and the first event of `/chat-stream`.
public struct StreamStarted: Hashable, Sendable, Codable {
  /// The stream's identity on its server.
  public var stream: String
  /// The identity of the answer's text.
  public var epoch: String
  /// The instant from which the schedule counts: nanoseconds of the server's monotonic clock.
  public var started: Int64

  public init(stream: String, epoch: String, started: Int64) {
    self.stream = stream
    self.epoch = epoch
    self.started = started
  }

  /// - Throws: `DecodingError`, also for names that no server gives, which must not get into a request's line, and for an
  ///   instant that no clock shows.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func name(_ key: CodingKeys) throws -> String {
      let name = try fields.decode(String.self, forKey: key)
      guard Epoch(name) != nil else {
        throw DecodingError.dataCorruptedError(forKey: key, in: fields, debugDescription: "not 16 digits")
      }
      return name
    }
    stream = try name(.stream)
    epoch = try name(.epoch)
    started = try fields.nanoseconds(.started)
  }

  /// - Throws: `DecodingError` where the bytes name no stream.
  public init(json: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(StreamStarted.self, from: Data(json))
  }

  /// The JSON text.
  public var text: String {
    #"{"stream":\#(stream.jsonString),"epoch":\#(epoch.jsonString),"started":\#(started)}"#
  }
}

/// What `GET /streams/ID` tells of a stream's progress.
public struct StreamState: Hashable, Sendable, Decodable {
  /// How many tokens were generated.
  public var next: Int
  /// Nothing more will be.
  public var done: Bool
  /// When the last was, or the generation was stopped: nanoseconds of the server's monotonic clock.
  public var ended: Int64?

  /// - Throws: `DecodingError`.
  public init(json: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(StreamState.self, from: Data(json))
  }
}

/// `{"error":"…"}`: what every refusal carries.
public struct ErrorBody: Hashable, Sendable, Codable {
  public var error: String

  public init(error: String) {
    self.error = error
  }

  public var json: [UInt8] {
    var bytes = Array(#"{"error":"#.utf8)
    bytes.append(jsonString: error)
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}
