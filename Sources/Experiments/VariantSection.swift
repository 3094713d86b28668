import LabClient
import MonotonicTime
import PlainText
import Readings
import Wire
import Yams

extension Variant {
  static let keys = [
    "transport", "name", "interval", "wait", "baseline", "recover", "silence", "stop", "ask", "heads", "ids",
    "messages", "over", "readers-per-connection", "coding",
  ]

  init(_ node: Node, file: String) throws {
    let section = try Section(node, file: file, place: "an entry of 'transports'", keys: Self.keys)
    let name = try section.text("transport")
    guard let transport = Transport(named: name) else {
      throw section.mistake(Transport.allCases.map(\.name).refusal(of: name, kind: "transport"))
    }
    for (key, owner) in [
      ("interval", Transport.shortPolling), ("wait", .longPolling), ("ids", .serverSentEvents),
      ("messages", .webSocket),
    ]
    where transport != owner && section.mapping[key] != nil {
      throw section.mistake(at: section.mapping[key], "'\(key)' applies to \(owner.name) only")
    }
    self.init(transport: transport)
    pollInterval = Duration(
      roundedSeconds: try section.number("interval", 0.001...3_600, default: pollInterval.inSeconds))
    wait = Duration(roundedSeconds: try section.number("wait", 0...120, default: wait.inSeconds))
    self.name = try section.optionalName("name") ?? name
    if let word = try section.optionalText("stop") {
      guard let stopping = Stopping(rawValue: word),
        stopping == .delete || stopping == Stopping(over: transport)
      else {
        let own = Stopping(over: transport).rawValue
        throw section.mistake(
          at: section.mapping["stop"],
          "'stop' takes delete\(own == "delete" ? "" : " or \(own)") here, not '\(word)'")
      }
      self.stopping = stopping
    }
    asking = try Self.asking(transport, section)
    heads = try section.choice("heads", default: heads)
    ids = try section.choice("ids", default: ids)
    messages = try section.choice("messages", default: messages)
    try takeHTTP(from: section)
    coding = try section.choice("coding", default: coding)
    guard coding == .identity || transport != .webSocket else {
      throw section.mistake(
        at: section.mapping["coding"],
        "a WebSocket's messages have no content coding: take 'messages: deflated'")
    }
    guard ids == .full || asking == .first else {
      throw section.mistake(
        at: section.mapping["ids"],
        "'ids: index' requires 'ask: first': a bare index is enough only where the path names the stream")
    }
    let recover = try section.optionalText("recover")
    if recover != "resume", let silence = section.mapping["silence"] {
      throw section.mistake(at: silence, "'silence' applies to 'recover: resume' only")
    }
    switch recover {
    case nil: break
    case "naive": recovery = .naive
    case "resume":
      let silence = try section.number("silence", 0.01...3_600, default: 45)
      recovery = .resume(Resumption(silence: Duration(roundedSeconds: silence)))
    case let other?:
      throw section.mistake(
        at: section.mapping["recover"], "'recover' takes resume or naive, not '\(other)'")
    }
  }

  private mutating func takeHTTP(from section: Section) throws {
    http = try section.choice("over", default: http)
    guard transport != .webSocket || http != .two else {
      throw section.mistake(
        at: section.mapping["over"],
        "'over: http2' is not for websocket: browsers open one with HTTP/1.1 where the server does not speak RFC 8441; "
          + "take https")
    }
    readersPerConnection = try section.whole(
      "readers-per-connection", 1...1_000, default: readersPerConnection)
    guard http == .two || section.mapping["readers-per-connection"] == nil else {
      throw section.mistake(
        at: section.mapping["readers-per-connection"],
        "'readers-per-connection' applies to 'over: http2' only")
    }
  }

  private static func asking(_ transport: Transport, _ section: Section) throws -> AskingOrder {
    let order = try section.choice("ask", default: AskingOrder.first)
    guard order == .first || AskingOrder.isAtOnce(possible: transport) else {
      let possible = Transport.allCases.filter(AskingOrder.isAtOnce).map(\.name).joined(separator: ", ")
      throw section.mistake(at: section.mapping["ask"], "'ask: at-once' is for \(possible): polls ask first")
    }
    return order
  }
}

extension Variant {
  /// What is not as its transport does by itself, by the keys of an experiment's file.
  var departures: [String: String] {
    let plain = Variant(transport: transport)
    var departures: [String: String] = [:]
    if wait != plain.wait { departures["wait"] = "\(wait.inSeconds)" }
    if asking != plain.asking { departures["ask"] = asking.rawValue }
    if ids != plain.ids { departures["ids"] = ids.rawValue }
    if messages != plain.messages { departures["messages"] = messages.rawValue }
    if http != plain.http { departures["over"] = http.rawValue }
    if coding != plain.coding { departures["coding"] = coding.rawValue }
    if readersPerConnection > 1 { departures["readers-per-connection"] = "\(readersPerConnection)" }
    if heads != plain.heads { departures["heads"] = heads.rawValue }
    if stopping != plain.stopping { departures["stop"] = stopping.rawValue }
    switch recovery {
    case .none: break
    case .naive: departures["recover"] = "naive"
    case .resume: departures["recover"] = "resume"
    }
    return departures
  }
}
