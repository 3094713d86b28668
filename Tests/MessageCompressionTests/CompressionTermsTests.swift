import MessageCompression
import Testing

/// What is agreed on about compressed messages (RFC 7692, sections 5.1 and 7.1), by literal text.
@Suite struct CompressionTermsTests {
  private func granted(_ offers: String...) -> String? { CompressionTerms(offers: offers)?.member }

  @Test func `what browsers and libraries offer is granted`() {
    // Firefox, then Chromium and Node's ws, then Python's websockets.
    #expect(granted("permessage-deflate") == "permessage-deflate")
    #expect(granted("permessage-deflate; client_max_window_bits") == "permessage-deflate")
    #expect(
      granted("permessage-deflate; server_max_window_bits=12; client_max_window_bits=12")
        == "permessage-deflate; server_max_window_bits=12")
  }

  @Test func `the first offer that can be kept is the one`() {
    #expect(
      granted(
        "x-webkit-deflate-frame", "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_no_context_takeover", "permessage-deflate")
        == "permessage-deflate; server_no_context_takeover")
    #expect(CompressionTerms(offers: []) == nil)
  }

  @Test(arguments: [
    ("permessage-deflate;server_no_context_takeover", "permessage-deflate; server_no_context_takeover"),
    (
      "permessage-deflate ;\tserver_max_window_bits = \"15\" ; server_no_context_takeover",
      "permessage-deflate; server_no_context_takeover; server_max_window_bits=15"
    ),
    ("permessage-deflate; client_no_context_takeover", "permessage-deflate"),
    ("permessage-deflate; client_max_window_bits=8", "permessage-deflate"),
  ])
  func `parameters are read as the grammar has them`(_ offer: String, _ member: String) {
    #expect(granted(offer) == member)
    #expect(CompressionTerms(answer: [member])?.member == member)
  }

  // RFC 7692, section 7.1: a server declines what has a parameter unknown, twice, or of a value it may not have.
  @Test(arguments: [
    "", ";", "permessage-bzip2", "Permessage-Deflate", "permessage-deflate;", "permessage-deflate; x",
    "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=",
    "permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=16",
    "permessage-deflate; server_max_window_bits=09", "permessage-deflate; server_max_window_bits=+9",
    "permessage-deflate; server_max_window_bits=9999999999999999999999",
    "permessage-deflate; server_max_window_bits=\"\"", "permessage-deflate; client_max_window_bits=16",
    "permessage-deflate; server_no_context_takeover=1",
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
    "permessage-deflate; server_max_window_bits=9; server_max_window_bits=10",
  ])
  func `any other is declined`(_ offer: String) {
    #expect(granted(offer) == nil)
  }

  @Test func `an answer is one member`() {
    #expect(CompressionTerms(answer: []) == nil)
    #expect(CompressionTerms(answer: ["permessage-deflate", "permessage-deflate"]) == nil)
  }

  // RFC 7692, section 7.1.2: a server may narrow its own window unasked, and the client's where that was offered.
  @Test(arguments: [
    ("server_max_window_bits=8", true, true), ("server_max_window_bits=7", false, false),
    ("server_max_window_bits", false, false), ("client_no_context_takeover", true, true),
    ("client_max_window_bits=15", false, true), ("client_max_window_bits", false, false),
    ("client_max_window_bits=16", false, false), ("mux", false, false),
  ])
  func `an answer binds both sides`(_ parameter: String, taken: Bool, takenBehindAnOffer: Bool) {
    let answer = ["permessage-deflate; \(parameter)"]
    #expect((CompressionTerms(answer: answer) != nil) == taken)
    #expect((CompressionTerms(answer: answer, offersClientWindow: true) != nil) == takenBehindAnOffer)
  }
}
