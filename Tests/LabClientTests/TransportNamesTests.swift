import LabClient
import Testing
import Wire

// Names and resources are what files, addresses and the page's scripts use.
@Suite struct TransportNamesTests {
  @Test func `each transport's name and resource`() {
    #expect(
      Transport.allCases.map(\.name) == [
        "short-polling", "long-polling", "server-sent-events", "http-streaming", "websocket",
      ])
    #expect(Transport.allCases.map(\.resource) == ["poll", "long-poll", "events", "lines", "socket"])
  }

  @Test func `a transport is known by its name`() {
    for transport in Transport.allCases { #expect(Transport(named: transport.name) == transport) }
    for name in ["", "poll", "Websocket"] { #expect(Transport(named: name) == nil) }
  }

  @Test func `only short polling has to ask`() {
    #expect(Transport.allCases.filter { !$0.isPushed } == [.shortPolling])
  }
}
