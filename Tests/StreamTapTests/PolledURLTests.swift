import StreamTap
import Testing

@Suite struct PolledURLTests {
  @Test func `fields of the last answer stand where they are named`() {
    var url = PolledURL("http://a/x?from={next=0}&at={at}")
    #expect(url.url == "http://a/x?from=0&at=")
    url.take(#"{"next": 12, "at": "a&b-1.é", "more": 1}"#)
    #expect(url.url == "http://a/x?from=12&at=a%26b-1.%C3%A9")
    #expect(!url.isDone)
    url.take(#"{"next": 1, "at": true}"#)
    #expect(url.url == "http://a/x?from=1&at=true")
  }

  @Test(arguments: ["", "[1]", "no JSON", #"{"next": [1]}"#, #"{"next": null}"#])
  func `an answer that has no such field changes nothing`(_ answer: String) {
    var url = PolledURL("http://a/{next=7}")
    url.take(answer)
    #expect(url.url == "http://a/7")
  }

  @Test(arguments: ["http://a/{", "http://a/{}", "http://a/{1}", "http://a/}{", "http://a/{a b}"])
  func `other braces stay`(_ text: String) {
    #expect(PolledURL(text).url == text)
  }

  @Test func `done is the end`() {
    var url = PolledURL("http://a/")
    url.take(#"{"done": true}"#)
    #expect(url.isDone)
    url.take(#"{"done": 1}"#)
    #expect(!url.isDone)
  }
}
