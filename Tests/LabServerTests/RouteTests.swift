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
    #expect(Route("/") == .file("/"))
    #expect(Route("/streamsx") == .file("/streamsx"))
  }

  @Test(arguments: [
    "/streams/", "/streams/x", "/streams/0123456789ABCDEF", "/streams/0123456789abcdef/",
    "/streams/0123456789abcdef/pol", "/streams/0123456789abcdef/poll/", "/streams//poll",
  ])
  func `nothing is nothing`(_ path: String) {
    guard case .nothing = Route(path) else {
      Issue.record("\(path) is \(Route(path))")
      return
    }
  }

  @Test func `a reading's parameters have bounds`() throws {
    let reading = try Reading([("from", "3"), ("epoch", "e"), ("wait", "0.5"), ("other", "x")])
    #expect(reading.from == 3)
    #expect(reading.epoch == "e")
    #expect(reading.wait == .milliseconds(500))
    #expect(try Reading([("wait", "0")]).wait == .zero)
    #expect(try Reading([("wait", "120")]).wait == .seconds(120))
    for (name, value) in [("from", "-1"), ("from", "x"), ("wait", "120.1"), ("wait", "-1"), ("wait", "nan")] {
      #expect(throws: FieldError.self) { try Reading([(name, value)]) }
    }
  }
}
