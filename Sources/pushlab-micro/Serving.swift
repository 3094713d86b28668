import Bench
import Glibc
import LWS
import LabServer
import Wire

extension Operation {
  /// What a server in this process does beside the kernel, for its instructions to be counted. The kernel's part
  /// and the readers' waiting are in the time that they take, so time says nothing here.
  static var serving: [Operation] {
    [
      delivery("deliver-event", "a token delivered to \(ServedStream.readers) event streams", "events", ""),
      delivery(
        "deliver-message", "a token delivered to \(ServedStream.readers) WebSockets", "socket",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
      Operation(name: "answer-poll", title: "a short poll answered", isTimed: false) {
        let served = ServedStream(tokens: 1)
        return { count in served.poll(times: count) }
      },
      Operation(name: "answer-long-poll", title: "a long poll answered with the next token", isTimed: false) {
        { count in ServedStream(tokens: count).followByLongPolls() }
      },
    ]
  }

  private static func delivery(
    _ name: String, _ title: String, _ resource: String, _ fields: String
  ) -> Operation {
    Operation(name: name, title: title, isTimed: false) {
      { count in ServedStream(tokens: count).deliver(resource, fields) }
    }
  }
}

/// A stream on a server in this process. What goes wrong here ends the program: there is nobody to tell.
private final class ServedStream {
  static let readers = 40
  /// Slow enough for a token to be sent before the next one, also where every instruction is counted.
  private static let rate = 100

  private let server: LWS.Server<Lab>
  private let asking: AskedConnection
  private let path: String

  init(tokens: Int) {
    server = try! LWS.Server(ServerConfiguration()) { Lab(loop: $0, staticFolder: nil) }
    asking = try! AskedConnection(port: server.port)
    let question = #"{"prompt":"cost","tokens":\#(tokens),"rate":\#(Self.rate),"jitter":0,"think":0.5}"#
    let answer = try! asking.answer(
      to: Array(
        ("POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(question.utf8.count)\r\n\r\n"
          + question).utf8))
    let text = String(decoding: answer.body, as: UTF8.self)
    path = "/streams/" + text.split(separator: "\"")[3]
  }

  deinit {
    server.stop()
  }

  private func request(_ resource: String, _ fields: String = "") -> [UInt8] {
    Array("GET \(path)/\(resource) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n".utf8)
  }

  /// Reads the stream with all readers at once.
  func deliver(_ resource: String, _ fields: String) {
    let request = request(resource, fields)
    let connections = (0..<Self.readers).map { _ in try! Loopback.connect(to: server.port) }
    for connection in connections { precondition(Loopback.send(request, to: connection)) }
    for connection in connections { readToEnd(connection) }
  }

  private func readToEnd(_ connection: CInt) {
    var text = ""
    withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
      repeat {
        let count = recv(connection, buffer.baseAddress, buffer.count, 0)
        precondition(count > 0, "the stream ended early: \(text)")
        text = String(text.suffix(100)) + String(decoding: buffer[..<count], as: UTF8.self)
      } while !text.contains("complete")
    }
    close(connection)
  }

  func poll(times: Int) {
    let request = request("poll?from=0")
    for _ in 0..<times { precondition(try! asking.answer(to: request).status == 200) }
  }

  func followByLongPolls() {
    var next = 0
    while true {
      let page = try! PollPage(json: asking.answer(to: request("long-poll?from=\(next)")).body)
      if page.done { return }
      next = page.next
    }
  }
}
