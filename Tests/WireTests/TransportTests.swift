import Testing
import Wire

// Names and resources are what files, addresses and the page's scripts use.
@Suite struct TransportTests {
  @Test func `each transport's name and resource`() {
    #expect(
      Transport.allCases.map(\.rawValue) == [
        "short-polling", "long-polling", "server-sent-events", "websocket",
      ])
    #expect(Transport.allCases.map(\.resource) == ["poll", "long-poll", "events", "socket"])
  }

  @Test func `only short polling has to ask`() {
    #expect(Transport.allCases.filter { !$0.isPushed } == [.shortPolling])
  }
}
