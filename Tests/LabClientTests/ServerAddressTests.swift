import Readings
import Testing
import Wire

@testable import LabClient

/// What `Host` says (RFC 9112, section 3.2; RFC 3986, section 3.2.2).
@Suite struct ServerAddressTests {
  @Test(arguments: [
    ("::1", "[::1]:8080"), ("[::1]", "[::1]:8080"), ("2001:DB8::7", "[2001:DB8::7]:8080"),
    ("::ffff:127.0.0.1", "[::ffff:127.0.0.1]:8080"), ("fe80::1%eth0", "[fe80::1]:8080"),
    ("127.0.0.1", "127.0.0.1:8080"), ("localhost", "localhost:8080"), ("LocalHost.", "LocalHost.:8080"),
  ])
  func `a name stands as it was given, an IPv6 address in brackets`(_ host: String, _ field: String) {
    #expect(ServerAddress(host: host, port: 8_080).hostField == field)
  }

  @Test(arguments: Transport.allCases)
  func `a server is read over IPv6`(_ transport: Transport) async throws {
    for host in ["::1", "[::1]"] {
      let (reading, server) = try await ScriptedServer.read(
        transport, [.say(Words.started(Words.first)), ScriptedServer.whole(transport)], host: "::1"
      ) { $0.server.host = host }
      #expect(reading.end == .complete)
      #expect(server.requests.count == 2)
      for request in server.requests {
        #expect(request.contains("\r\nHost: [::1]:\(server.address.port)\r\n"))
      }
    }
  }

  @Test func `what is no stream is fetched over IPv6 too`() async throws {
    let server = try await ScriptedServer([.say(Words.response(200, "well"))], host: "::1")
    let reader = Reader()
    #expect(try await reader.get("/healthz", from: server.address) == "well")
    #expect(server.requests.first?.contains("\r\nHost: [::1]:\(server.address.port)\r\n") == true)
    await reader.shutDown()
    try await server.stop()
  }
}
