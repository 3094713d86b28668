import Testing

@testable import LWS

/// What is said to a connection past libwebsockets.
@Suite struct ResponseBytesTests {
  @Test func `literal bytes of a refusal`() {
    let head = ResponseHead(
      status: 503, fields: [("content-type", "application/json"), ("retry-after", "1")])
    let response = Response(head: head, body: Array(#"{"error":"é"}"#.utf8))
    let text = String(decoding: response.bytes(date: "Thu, 01 Jan 1970 00:00:00 GMT"), as: UTF8.self)
    #expect(
      text
        == "HTTP/1.1 503 \r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-type: application/json\r\n"
        + "retry-after: 1\r\ncontent-length: 14\r\nconnection: close\r\n\r\n{\"error\":\"é\"}")
  }

  @Test func `a body need not be text, or be there`() {
    let empty = Response(head: ResponseHead(status: 400), body: [])
    #expect(
      String(decoding: empty.bytes(date: "d"), as: UTF8.self)
        == "HTTP/1.1 400 \r\ndate: d\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    let bytes = Response(head: ResponseHead(status: 400), body: [0, 0xff]).bytes(date: "d")
    #expect(bytes.suffix(6) == [13, 10, 13, 10, 0, 0xff])
  }
}
