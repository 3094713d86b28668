import Testing

@testable import LWS

/// A response as it travels.
@Suite struct ResponseBytesTests {
  @Test func `literal bytes of a refusal`() {
    let head = ResponseHead(
      status: 503, fields: [("content-type", "application/json"), ("retry-after", "1")])
    let response = Response(head: head, body: Array(#"{"error":"é"}"#.utf8))
    let text = String(
      decoding: ResponseBytes(
        response, date: "Thu, 01 Jan 1970 00:00:00 GMT", extra: [ResponseBytes.close]
      ).array, as: UTF8.self)
    #expect(
      text
        == "HTTP/1.1 503 Service Unavailable\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-type: application/json\r\n"
        + "retry-after: 1\r\nconnection: close\r\ncontent-length: 14\r\n\r\n{\"error\":\"é\"}")
  }

  @Test func `a body need not be text, or be there`() {
    let empty = Response(head: ResponseHead(status: 400), body: [])
    #expect(
      String(decoding: ResponseBytes(empty, date: "d", extra: [ResponseBytes.close]).array, as: UTF8.self)
        == "HTTP/1.1 400 Bad Request\r\ndate: d\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
    let bytes = ResponseBytes(Response(head: ResponseHead(status: 400), body: [0, 0xff]), date: "d").array
    #expect(bytes.suffix(6) == [13, 10, 13, 10, 0, 0xff])
  }
}
