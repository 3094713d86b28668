import Foundation
import MonotonicTime
import Testing
import Wire

@testable import Bench

/// Takes one connection, and answers nothing before it has read as many requests as are to come.
private final class LateAnswerer: Sendable {
  let port: Int
  private let listener: CInt

  init() throws {
    listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isOpen = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 1) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(isOpen)
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(listener) }

  /// - Parameter answers: sent in one piece when all has been read; the connection is then closed.
  /// - Returns: what was read up to then.
  func serve(requests: Int, answers: String) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [listener] in
        let descriptor = accept(listener, nil, nil)
        Loopback.set(descriptor, SOL_SOCKET, SO_RCVTIMEO, to: timeval(tv_sec: 20, tv_usec: 0))
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while text.components(separatedBy: "\"token\"").count <= requests {
          let count = recv(descriptor, &buffer, buffer.count, 0)
          guard count > 0 else { break }
          text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        _ = Loopback.send(Array(answers.utf8), to: descriptor)
        close(descriptor)
        continuation.resume(returning: text)
      }
    }
  }
}

@Suite struct PublisherTests {
  private static let taken = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok"

  private var load: Load {
    var options = Options()
    (options.rate, options.seconds, options.warmUpSeconds) = (1_000, 0.001, 0.001)
    var load = options.load(.fanOut, readers: 1)
    load.first = .now
    return load
  }

  @Test("Every token is posted at its instant, whether those before it were answered or not")
  func openLoop() async throws {
    let server = try LateAnswerer()
    let load = load
    async let read = server.serve(
      requests: load.tokens, answers: String(repeating: Self.taken, count: load.tokens))
    let publisher = try Publisher(load, port: server.port)
    let requests = await read
    let outcome = publisher.finish()
    #expect(outcome.failure == nil)
    #expect(outcome.publishing.longestAnswer > 0)
    for payload in load.payloads { #expect(requests.contains(String(decoding: payload, as: UTF8.self))) }
    #expect(requests.components(separatedBy: "POST /publish HTTP/1.1\r\n").count == load.tokens + 1)
  }

  @Test(
    "What a server does not take is told",
    arguments: [
      ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "publishing: answered with 403"),
      (taken, "publishing: the server closed the connection"),
      (
        String(repeating: taken, count: 99),
        "publishing: answered with something that is no HTTP/1.1 response"
      ),
    ])
  func refused(_ answers: String, _ failure: String) async throws {
    let server = try LateAnswerer()
    let load = load
    async let read = server.serve(requests: load.tokens, answers: answers)
    let publisher = try Publisher(load, port: server.port)
    _ = await read
    #expect(publisher.finish().failure == failure)
  }
}
