import LWS
import Testing
import TokenStream
import Wire

@testable import LabServer

@Suite struct RouteTests {
  @Test func `paths name what they should`() throws {
    let id = try #require(StreamID("0123456789abcdef"))
    #expect(Route("/streams") == .streams)
    #expect(Route("/streams/0123456789abcdef") == .stream(id))
    #expect(Route("/streams/0123456789abcdef/poll") == .read(id, .shortPolling))
    #expect(Route("/streams/0123456789abcdef/long-poll") == .read(id, .longPolling))
    #expect(Route("/streams/0123456789abcdef/events") == .read(id, .serverSentEvents))
    #expect(Route("/streams/0123456789abcdef/socket") == .read(id, .webSocket))
    #expect(Route("/streams/0123456789abcdef/schedule") == .schedule(id))
    for fault in FaultCommand.allCases { #expect(Route("/faults/\(fault)") == .fault(fault)) }
    #expect(Route("/faults/cut").methods == [.post, .options])
    #expect(Route("/faults/wire").methods == [.get, .head, .options])
    #expect(Route("/readers") == .readers)
    #expect(Route("/") == .file("/"))
    #expect(Route("/streamsx") == .file("/streamsx"))
  }

  @Test(arguments: [
    "/streams/", "/streams/x", "/streams/0123456789ABCDEF", "/streams/0123456789abcdef/",
    "/streams/0123456789abcdef/pol", "/streams/0123456789abcdef/poll/", "/streams//poll",
    "/faults/", "/faults/x", "/faults/readers",
  ])
  func `nothing is nothing`(_ path: String) {
    guard case .nothing = Route(path) else {
      Issue.record("\(path) is \(Route(path))")
      return
    }
  }

  private func reading(_ query: [(String, String)], lastEventID: String? = nil) throws -> Reading {
    try Reading(
      Request(
        method: .get, path: "/", query: query, fields: lastEventID.map { ["last-event-id": $0] } ?? [:]))
  }

  @Test func `who has been here before comes back`() throws {
    #expect(try !reading([]).isReturn)
    #expect(try !reading([("from", "0"), ("wait", "3")]).isReturn)
    #expect(try reading([("from", "1")]).isReturn)
    #expect(try reading([("epoch", "e")]).isReturn)
    let last = try reading([("from", "1")], lastEventID: "e:7")
    #expect(last.from == 8)
    #expect(last.epoch == "e")
    #expect(try reading([], lastEventID: "nonsense").isReturn)
  }

  @Test func `an ID no stream can have is read without harm`() throws {
    for index in ["9223372036854775806", "9223372036854775807", "9223372036854775808", "-1", "+1", " 1", ""] {
      let read = try reading([], lastEventID: "0123456789abcdef:\(index)")
      #expect(read.isReturn)
      #expect(read.from >= 0)
    }
    #expect(try reading([("from", "9223372036854775807")]).from == .max)
  }

  @Test func `an ID may be an index alone where the reader asked for that`() throws {
    let read = try reading([("ids", "index"), ("from", "1"), ("epoch", "e")], lastEventID: "17")
    #expect(read.from == 18)
    #expect(read.epoch == "e")
    #expect(read.isReturn)
    #expect(try reading([], lastEventID: "17").from == 0)
    #expect(try reading([("ids", "full")], lastEventID: "17").from == 0)
    for id in ["e:17", "-1", "+1", " 1", "9223372036854775807", "9223372036854775808"] {
      #expect(try reading([("ids", "index")], lastEventID: id).from == 0)
    }
    for value in ["", "none", "INDEX"] {
      #expect(throws: FieldError.self) { try reading([("ids", value)]) }
    }
  }

  @Test func `a reading's parameters have bounds`() throws {
    let read = try reading([("from", "3"), ("epoch", "e"), ("wait", "0.5"), ("other", "x")])
    #expect(read.from == 3)
    #expect(read.epoch == "e")
    #expect(read.wait == .milliseconds(500))
    #expect(try reading([("wait", "0")]).wait == .zero)
    #expect(try reading([("wait", "120")]).wait == .seconds(120))
    for (name, value) in [("from", "-1"), ("from", "x"), ("wait", "120.1"), ("wait", "-1"), ("wait", "nan")] {
      #expect(throws: FieldError.self) { try reading([(name, value)]) }
    }
  }
}
