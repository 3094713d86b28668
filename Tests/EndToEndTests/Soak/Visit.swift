import Answers
import Foundation
import LabClient
import Wire

/// A reader that comes, reads for a while over one of the transports, and leaves in one of many.
struct Visit: Sendable {
  var transport: Transport
  var leaving: Leaving
  var seed: UInt64

  enum Leaving: CaseIterable, Sendable {
    /// Reads to the end, and closes.
    case politely
    /// Closes with half of the answer unread.
    case halfWay
    /// Resets with half of the answer unread.
    case byReset
    /// Goes in the midst of its request.
    case inTheHandshake
    /// Asks for what is not there yet, and goes.
    case whileHeld
    /// The same, by a reset.
    case whileHeldByReset
  }

  init(using generator: inout some RandomNumberGenerator) {
    transport = Transport.allCases.randomElement(using: &generator)!
    leaving = Leaving.allCases.randomElement(using: &generator)!
    seed = generator.next()
  }

  /// - Throws: what the server did not do as it should.
  func happen(_ lab: LabFixture) throws {
    let isHeld = leaving == .whileHeld || leaving == .whileHeldByReset
    let pacing = Pacing(think: .milliseconds(isHeld ? 500 : 10), rate: 500, jitter: 0.5)
    let question = Question(prompt: "soak", seed: seed >> 11, tokenCount: 30, tokenSize: 4, pacing: pacing)
    let stream = try lab.start(question).stream
    let connection = try RawConnection(port: lab.port)
    let request = request(stream)
    switch leaving {
    case .inTheHandshake:
      try connection.send(String(request.prefix(Int(seed % UInt64(request.count)))))
      if seed.isMultiple(of: 2) { connection.reset() }
    case .whileHeld, .whileHeldByReset:
      try connection.send(request)
      usleep(UInt32(seed % 20_000))
      if leaving == .whileHeldByReset { connection.reset() }
    case .halfWay, .byReset:
      try read(through: 3, connection, request)
      if leaving == .byReset { connection.reset() }
    case .politely:
      try read(through: 29, connection, request)
      if transport == .serverSentEvents { _ = try connection.receive(through: "0\r\n\r\n") }
    }
  }

  /// Polls ask until the token is there; the others wait for it.
  private func read(through index: Int, _ connection: RawConnection, _ request: String) throws {
    let token = #""index":\#(index),"#
    try connection.send(request)
    guard transport == .shortPolling || transport == .longPolling else {
      _ = try connection.receive(through: token)
      return
    }
    while true {
      let page = try connection.response()
      // A stream that is gone would be asked for without end.
      guard page.status == 200 else { throw RawConnection.Failure(what: "a poll was answered: \(page.body)") }
      if page.body.contains(token) { return }
      usleep(2_000)
      try connection.send(request)
    }
  }

  private func request(_ stream: String) -> String {
    let path = "/streams/\(stream)/\(transport.resource)"
    if transport == .webSocket { return BadRequest.handshake(path) }
    return "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n"
  }
}
