import LWS
import Testing
import Wire

@testable import LabServer

/// Where readers begin, by what they ask for.
@Suite struct StartingPlaceTests {
  private func request(_ query: [(String, String)], lastEventID: String? = nil) -> Request {
    Request(method: .get, path: "/", query: query, fields: lastEventID.map { ["last-event-id": $0] } ?? [:])
  }

  private func events(_ query: [(String, String)], lastEventID: String? = nil) throws -> ServerSentEvents {
    try ServerSentEvents(request(query, lastEventID: lastEventID))
  }

  /// Whether who finds no stream there is told to stay away.
  private func isReturn(_ events: ServerSentEvents) -> Bool {
    var refusal = events.refusal(.unknown)
    guard case .respond(let response) = refusal.turn(at: .now) else { return false }
    return response.head.status == 204
  }

  @Test func `who has been here before comes back`() throws {
    #expect(try !isReturn(events([])))
    #expect(try !isReturn(events([("from", "0"), ("wait", "3")])))
    #expect(try isReturn(events([("from", "1")])))
    #expect(try isReturn(events([("epoch", "e")])))
    let last = try events([("from", "1")], lastEventID: "e:7")
    #expect(last.place == StartingPlace(from: 8, epoch: "e"))
    #expect(try isReturn(events([], lastEventID: "nonsense")))
  }

  @Test func `an ID no stream can have is read without harm`() throws {
    for index in ["9223372036854775806", "9223372036854775807", "9223372036854775808", "-1", "+1", " 1", ""] {
      let read = try events([], lastEventID: "0123456789abcdef:\(index)")
      #expect(isReturn(read))
      #expect(read.place.from >= 0)
    }
    #expect(try events([("from", "9223372036854775807")]).place.from == .max)
  }

  @Test func `an ID may be an index alone where the reader asked for that`() throws {
    let read = try events([("ids", "index"), ("from", "1"), ("epoch", "e")], lastEventID: "17")
    #expect(read.place == StartingPlace(from: 18, epoch: "e"))
    #expect(isReturn(read))
    #expect(try events([], lastEventID: "17").place.from == 0)
    #expect(try events([("ids", "full")], lastEventID: "17").place.from == 0)
    for id in ["e:17", "-1", "+1", " 1", "9223372036854775807", "9223372036854775808"] {
      #expect(try events([("ids", "index")], lastEventID: id).place.from == 0)
    }
    for value in ["", "none", "INDEX"] {
      #expect(throws: FieldError.self) { try events([("ids", value)]) }
    }
  }

  @Test(arguments: servedTransports.indices)
  func `every transport takes a place, within bounds`(_ index: Int) throws {
    let type = servedTransports[index]
    let asked = try type.init(request([("from", "3"), ("epoch", "e"), ("other", "x")]))
    #expect(asked.place == StartingPlace(from: 3, epoch: "e"))
    for value in ["-1", "x", ""] {
      #expect(throws: FieldError.self) { try type.init(request([("from", value)])) }
    }
  }

  @Test func `a long poll's patience has bounds`() throws {
    #expect(try LongPolling(request([])).wait == .seconds(25))
    for (value, wait) in [("0", Duration.zero), ("0.5", .milliseconds(500)), ("120", .seconds(120))] {
      #expect(try LongPolling(request([("wait", value)])).wait == wait)
    }
    for value in ["120.1", "-1", "nan", "x", ""] {
      #expect(throws: FieldError.self) { try LongPolling(request([("wait", value)])) }
    }
  }
}
