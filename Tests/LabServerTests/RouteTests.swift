import Answers
import LWS
import Testing
import TokenStream

@testable import LabServer

@Suite struct RouteTests {
  @Test func `paths name what they should`() throws {
    let id = try #require(StreamID("0123456789abcdef"))
    #expect(Route("/streams") == .streams)
    #expect(Route("/streams/0123456789abcdef") == .stream(id))
    #expect(Route("/streams/0123456789abcdef/poll") == .read(id, Served(ShortPolling.transport)))
    #expect(Route("/streams/0123456789abcdef/long-poll") == .read(id, Served(LongPolling.transport)))
    #expect(Route("/streams/0123456789abcdef/events") == .read(id, Served(ServerSentEvents.transport)))
    #expect(Route("/streams/0123456789abcdef/socket") == .read(id, Served(WebSocket.transport)))
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
}
