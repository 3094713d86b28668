import MonotonicTime
import Wire

/// Reads one response, however it was cut on the way, and keeps when each piece of it came.
public final class TapReading {
  /// What a response's type says of its body.
  public enum Format: String, Sendable {
    case eventStream = "event stream"
    case lines
    case webSocket = "WebSocket"
    case whole = "response"
  }

  public let asked: Instant
  public private(set) var head: ReceivedHead?
  public private(set) var headAt: Instant?
  public private(set) var format = Format.whole
  public private(set) var pieces: [TappedPiece] = []
  /// When something was last heard before the first piece.
  public private(set) var heard: Instant
  /// How the body is encoded, where it is: what it says is not read then.
  public private(set) var coding: String?
  private var ownFaults: [StandardFault] = []
  /// Whether the response was whole, or the WebSocket was closed.
  public private(set) var isOver = false
  /// Bytes came behind the whole response that nobody had asked for (RFC 9112, section 9.2).
  public private(set) var isFollowed = false
  /// What the body had in all, without its coding in chunks.
  public private(set) var bodyBytes = 0
  /// Only 101 is an answer then.
  public let isWebSocket: Bool
  private var reads = 0
  /// How many pieces somebody was given.
  private var given = 0
  private var decoder = ResponseDecoder()
  private var events = EventStreamParser()
  private var lint = EventStreamLint()
  private var lines = LineCutter()
  private var socket = SocketDecoder()
  private var whole: [UInt8] = []
  /// How much of what is no stream is shown, in bytes.
  static let longestShown = 1 << 20

  public init(asked: Instant, isWebSocket: Bool = false) {
    self.asked = asked
    self.isWebSocket = isWebSocket
    heard = asked
    decoder.expect(allowsUpgrade: isWebSocket)
  }

  /// Takes what one read of the socket brought.
  /// - Returns: the pieces that it completed.
  /// - Throws: `TapError.malformed`.
  public func take(_ bytes: [UInt8], at instant: Instant) throws(TapError) -> [TappedPiece] {
    do {
      try bytes.withUnsafeBytes { try take($0, at: instant) }
    } catch {
      throw error as? TapError ?? .malformed("\(error)")
    }
    reads += 1
    if pieces.allSatisfy(\.isSignOfLife) { heard = instant }
    return takeNew()
  }

  /// The pieces that nobody was given yet: behind a mistake, those that came with it.
  func takeNew() -> [TappedPiece] {
    defer { given = pieces.count }
    return Array(pieces[given...])
  }

  /// Where the stream breaks the standard, so far as it has come.
  public var faults: [StandardFault] { ownFaults + lint.faults }

  private func take(_ bytes: UnsafeRawBufferPointer, at instant: Instant) throws {
    var rest = bytes
    while !isOver, let part = try decoder.next(&rest) {
      switch part {
      case .head(let head): begin(head, at: instant)
      case .body(let body): try take(body: body, at: instant)
      case .end: end(at: instant)
      case .interim, .unasked: break
      }
    }
    isFollowed = isOver && !rest.isEmpty
  }

  /// The connection has ended.
  /// - Returns: the pieces that this completed, and whether the response was cut off by it.
  public func endOfConnection(at instant: Instant) -> (pieces: [TappedPiece], isCut: Bool) {
    let isCut = !isOver && !decoder.endOfConnection()
    if !isOver { end(at: instant) }
    return (takeNew(), isCut)
  }

  /// Those of RFC 9110, section 8.4.1, and their younger fellows. Some servers write `none` to keep others from encoding.
  private static let codings: Set = ["gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"]

  private func begin(_ head: ReceivedHead, at instant: Instant) {
    self.head = head
    headAt = instant
    coding = head.list("content-encoding").first(where: Self.codings.contains)
    guard coding == nil else { return }
    let type = head.field("content-type")
    let essence = type?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
    if head.status == 101 {
      format = .webSocket
    } else if essence == "text/event-stream" {
      format = .eventStream
    } else if ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"]
      .contains(essence)
    {
      format = .lines
    }
    guard format == .eventStream else { return }
    if head.status != 200 { ownFaults.append(.status(head.status)) }
    let charset = type?.lowercased().firstMatch(of: /charset\s*=\s*"?([^";\s]+)/).map { String($0.1) }
    if let charset, charset != "utf-8" { ownFaults.append(.charset(charset)) }
  }

  private func take(body: UnsafeRawBufferPointer, at instant: Instant) throws {
    bodyBytes += body.count
    switch format {
    case .eventStream: takeEvents(body, instant)
    case .lines: takeLines(body, instant)
    case .webSocket: try takeFrames(body, instant)
    case .whole where whole.isEmpty && Self.looksLikeEvents(body) && coding == nil:
      ownFaults.append(.contentType(head?.field("content-type")))
      format = .eventStream
      takeEvents(body, instant)
    case .whole: whole.append(contentsOf: body.prefix(Self.longestShown - whole.count))
    }
  }

  /// What does not say that it is an event stream, and is one, is read as one: it may never end.
  private static func looksLikeEvents(_ body: UnsafeRawBufferPointer) -> Bool {
    let beginning = body.starts(with: [0xef, 0xbb, 0xbf]) ? body.dropFirst(3) : body[...]
    return ["data:", "event:", "id:", "retry:", ":"].contains { beginning.starts(with: $0.utf8) }
  }

  private func takeEvents(_ body: UnsafeRawBufferPointer, _ instant: Instant) {
    lint.take(body)
    for event in events.feed(body) {
      pieces.append(
        TappedPiece(
          .event, event.data, name: event.name,
          identifier: event.lastEventID.isEmpty ? nil : event.lastEventID,
          at: instant, read: reads))
    }
  }

  private func takeLines(_ body: UnsafeRawBufferPointer, _ instant: Instant) {
    var found: [String] = []
    lines.feed(body) { line in
      let end = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
      found.append(String(decoding: end, as: UTF8.self))
    }
    // An empty line keeps a connection alive.
    for line in found where !line.isEmpty {
      pieces.append(TappedPiece(.line, line, at: instant, read: reads))
    }
  }

  private func takeFrames(_ body: UnsafeRawBufferPointer, _ instant: Instant) throws {
    var rest = body
    do {
      while !isOver, let part = try socket.next(&rest) {
        switch part {
        case .text:
          let text = String(decoding: socket.message, as: UTF8.self)
          pieces.append(TappedPiece(.message, text, at: instant, read: reads))
        case .ping(let payload):
          pieces.append(
            TappedPiece(.ping, String(decoding: payload, as: UTF8.self), at: instant, read: reads))
        case .pong: break
        case .close(let code):
          pieces.append(TappedPiece(.close, code.map(String.init) ?? "", at: instant, read: reads))
          isOver = true
        }
      }
    } catch {
      throw TapError.malformed(error.description)
    }
  }

  private func end(at instant: Instant) {
    isOver = true
    switch format {
    case .eventStream: lint.end()
    case .lines:
      var last: String?
      lines.end { last = String(decoding: $0, as: UTF8.self) }
      if let last { pieces.append(TappedPiece(.line, last, at: instant, read: reads)) }
    case .webSocket: break
    case .whole:
      if !whole.isEmpty, coding == nil {
        let left = bodyBytes - whole.count
        let text = String(decoding: whole, as: UTF8.self) + (left > 0 ? " … and \(left) bytes more" : "")
        pieces.append(TappedPiece(.line, text, at: instant, read: reads))
      }
    }
  }
}
