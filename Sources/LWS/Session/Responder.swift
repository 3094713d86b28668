import Budgets
import MonotonicTime
import Prefetching

/// A responder's answer to "the socket can take something": exactly one thing to do next.
public enum Step {
  /// Nothing yet. A wake brings the next turn, and so does the deadline where one is given.
  case wait(until: Instant?)
  /// A whole response; the connection is kept for the next request.
  case respond(Response)
  /// The head of a response whose end is not known yet.
  case start(ResponseHead)
  /// One piece of that body, or one WebSocket message.
  case send(Frame)
  /// The end of the body that `start` opened; the connection is kept for the next request.
  case finish
  /// The WebSocket's closing handshake (RFC 6455, section 7), with a reason of at most 123 bytes.
  case close(UInt16, reason: String)
}

/// Something that can be told to take a turn: a session, or a test's stand-in for one.
public protocol Wakeable: AnyObject {
  /// There may be something to write.
  func wake()
  /// What that needs.
  var nearby: Prefetch { get }
}

extension Wakeable {
  /// The object itself.
  public var nearby: Prefetch { Prefetch(self) }
}

/// Answers one request, or speaks for one WebSocket. It lives on the loop's thread and never sees a socket,
/// so a test can ask it for its turns directly.
public protocol Responder {
  /// Called whenever the socket can take something and the responder was woken, or its deadline came.
  mutating func turn(at now: Instant) -> Step
  /// Called for each whole message a WebSocket peer sends; a turn follows.
  mutating func received(_ message: Message)
  /// Called when the reader of an open-ended body has closed its sending side: it may have left. A turn follows, in
  /// which something harmless can be sent, for a reader that is gone to be known by its reset.
  mutating func peerEndedSending()
}

extension Responder {
  public mutating func received(_ message: Message) {}
  public mutating func peerEndedSending() {}
}

/// One whole WebSocket message.
public struct Message {
  public var isText: Bool
  public var bytes: [UInt8]
  /// Its part of what all connections may have sent; taken up for as long as somebody keeps the message.
  var reservation: Budget.Reservation?

  public init(isText: Bool, bytes: [UInt8]) {
    self.isText = isText
    self.bytes = bytes
  }
}

/// Status line and header fields.
public struct ResponseHead: Sendable, Equatable {
  /// A status code of RFC 9110, section 15.
  public var status: Int
  /// Field names in lower case, in the order in which they are sent.
  public var fields: [(name: String, value: String)]

  public init(status: Int, fields: [(name: String, value: String)] = []) {
    self.status = status
    self.fields = fields
  }

  public static func == (left: ResponseHead, right: ResponseHead) -> Bool {
    left.status == right.status && left.fields.elementsEqual(right.fields) { $0 == $1 }
  }

  /// The first field of that lower-case name.
  public subscript(name: String) -> String? {
    fields.first { $0.name == name }?.value
  }
}

/// A whole response, its length known.
public struct Response: Sendable, Equatable {
  public var head: ResponseHead
  public var body: [UInt8]

  public init(head: ResponseHead, body: [UInt8]) {
    self.head = head
    self.body = body
  }
}

/// The simplest responder: one response, at once.
public struct Answer: Responder {
  public let response: Response

  public init(_ response: Response) {
    self.response = response
  }

  public mutating func turn(at now: Instant) -> Step {
    .respond(response)
  }
}
