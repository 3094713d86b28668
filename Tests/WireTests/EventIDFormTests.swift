import Answers
import Testing
import Wire

@Suite struct EventIDFormTests {
  private let epoch = Epoch(rawValue: 0x1234)

  @Test func `an ID says epoch and index, or the index alone`() {
    #expect(EventIDForm.full.id(epoch, 17) == "0000000000001234:17")
    #expect(EventIDForm.index.id(epoch, 17) == "17")
  }

  @Test func `an ID says where a reader stands`() throws {
    let full = try #require(EventIDForm.full.place("0000000000001234:17"))
    #expect(full == (17, "0000000000001234"))
    let index = try #require(EventIDForm.index.place("17"))
    #expect(index == (17, nil))
  }

  @Test(arguments: ["", "x", "-1", "+1", " 1", "1 ", "0000000000001234:17", "99999999999999999999"])
  func `what is no index is no place`(_ id: String) {
    #expect(EventIDForm.index.place(id) == nil)
  }

  @Test func `an event without its epoch, to the byte`() {
    var bytes: [UInt8] = []
    bytes.append(event: TokenPayload(index: 17, token: " sky"), start: [UInt8](startOfEventsOf: nil))
    #expect(bytes == Array("id: 17\ndata: {\"index\":17,\"token\":\" sky\"}\n\n".utf8))
  }
}
