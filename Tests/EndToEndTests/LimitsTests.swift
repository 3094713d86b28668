import Answers
import Foundation
import LabServer
import Testing
import Wire

/// Every limit at its edge: what just fits is served, what does not is refused as stated, and everybody else is
/// unharmed.
@Suite struct LimitsTests {
  private func limits(_ change: (inout Limits) -> Void) -> Limits {
    var limits = Limits()
    change(&limits)
    return limits
  }

  @Test(arguments: [false, true])
  func `connections in all, and from one address`(_ isByAddress: Bool) async throws {
    let few = limits {
      if isByAddress { $0.connection.connectionsPerAddress = 3 } else { $0.connection.connections = 3 }
    }
    try await withLab(limits: few) { lab in
      var connections = try (0..<3).map { _ in try RawConnection(port: lab.port) }
      for connection in connections { #expect(try connection.request("GET", "/healthz").status == 200) }
      let refused = try RawConnection(port: lab.port).response()
      #expect(refused.status == (isByAddress ? 429 : 503))
      #expect(refused["retry-after"] == "1")
      #expect(refused["connection"] == "close")
      // The refused one is counted, and the others go on.
      let reason = isByAddress ? "tooManyConnectionsFromAddress" : "tooManyConnections"
      let metrics = try connections[0].request("GET", "/metrics").body
      #expect(metrics.contains("pushlab_refused_total{reason=\"\(reason)\"} 1\n"))
      #expect(metrics.contains("pushlab_connections 3\n"))
      // A place that is given up is free again.
      connections.removeLast().endSending()
      try await eventually { try lab.request("GET", "/healthz").status == 200 }
    }
  }

  @Test func `requests per second from one address`() async throws {
    try await withLab(limits: limits { $0.connection.requestsPerSecond = 3 }) { lab in
      let connection = try RawConnection(port: lab.port)
      for _ in 0..<3 { #expect(try connection.request("GET", "/healthz").status == 200) }
      let refused = try connection.request("GET", "/healthz")
      #expect(refused.status == 429)
      #expect(refused["retry-after"] == "1")
      try await eventually { try lab.request("GET", "/healthz").status == 200 }
    }
  }

  @Test func `header bytes, fields and request line`() async throws {
    let small = limits {
      $0.connection.headBytes = 2_048
      $0.connection.headFields = 10
      $0.connection.requestLineBytes = 1_024
    }
    try await withLab(limits: small) { lab in
      func status(_ fields: String, path: String = "/healthz") throws -> Int {
        try lab.request("GET", path, fields: fields).status
      }
      // The request has a Host field of its own.
      let fields = try [9, 10].map { try status((0..<$0).map { "A\($0): b\r\n" }.joined()) }
      #expect(fields == [200, 431])
      let bytes = try [1_800, 2_048].map { try status("Padding: \(String(repeating: "b", count: $0))\r\n") }
      #expect(bytes == [200, 431])
      let line = "GET /healthz? HTTP/1.1\r".utf8.count
      let lines = try [1_024, 1_025].map { count in
        try status("", path: "/healthz?\(String(repeating: "a", count: count - line))")
      }
      #expect(lines == [200, 414])
    }
  }

  @Test func `a later head that is too large is answered too`() async throws {
    try await withLab(limits: limits { $0.connection.headBytes = 2_048 }) { lab in
      let connection = try RawConnection(port: lab.port)
      #expect(try connection.request("GET", "/healthz").status == 200)
      let field = "Padding: \(String(repeating: "b", count: 4_096))\r\n"
      let answer = try connection.request("GET", "/healthz", fields: field)
      #expect(answer.status == 431)
      #expect(try connection.receiveToEnd() == "")
    }
  }

  @Test func `a request that does not come whole in time`() async throws {
    let hasty = limits { $0.connection.requestTime = .seconds(1) }
    try await withLab(limits: hasty) { lab in
      let head = try RawConnection(port: lab.port)
      try head.send("GET /healthz HTTP/1.1\r\nHost: lo")
      let body = try RawConnection(port: lab.port)
      try body.send("POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
      for connection in [head, body] {
        #expect(try connection.response().status == 408)
        #expect(try connection.receiveToEnd() == "")
      }
    }
  }

  @Test func `a connection that asks nothing`() async throws {
    try await withLab(limits: limits { $0.connection.idleTime = .seconds(1) }) { lab in
      let silent = try RawConnection(port: lab.port)
      let asked = try RawConnection(port: lab.port)
      #expect(try asked.request("GET", "/healthz").status == 200)
      #expect(try silent.receiveToEnd() == "")
      #expect(try asked.receiveToEnd() == "")
    }
  }

  // Long enough for a loaded machine to answer a ping in half of it.
  private static let silence = Duration.seconds(2)

  @Test func `a WebSocket that is silent is pinged, then closed`() async throws {
    try await withLab(limits: limits { $0.connection.idleTime = Self.silence }) { lab in
      let peer = try SocketPeer(port: lab.port, path: "/echo")
      #expect(try peer.frame().opcode == 9)
      #expect(throws: RawConnection.Failure.self) { while true { _ = try peer.frame() } }
    }
  }

  @Test func `a WebSocket that answers its ping stays`() async throws {
    try await withLab(limits: limits { $0.connection.idleTime = Self.silence }) { lab in
      let peer = try SocketPeer(port: lab.port, path: "/echo")
      let ping = try peer.frame()
      #expect(ping.opcode == 9)
      try peer.send(opcode: 10, ping.payload)
      #expect(try peer.frame().opcode == 9)
      try peer.send(opcode: 1, Array("still here".utf8))
      #expect(try peer.frame().payload == Array("still here".utf8))
    }
  }

  @Test func `held polls`() async throws {
    try await withLab(limits: limits { $0.heldPolls = 1 }) { lab in
      let stream = try lab.start(.silent).stream
      let held = try RawConnection(port: lab.port)
      try held.send("GET /streams/\(stream)/long-poll?wait=120 HTTP/1.1\r\nHost: localhost\r\n\r\n")
      try await eventually {
        try lab.request("GET", "/metrics").body.contains("held_readers{transport=\"long-polling\"} 1\n")
      }
      let refused = try lab.request("GET", "/streams/\(stream)/long-poll")
      #expect(refused.status == 503)
      #expect(refused["retry-after"] == "1")
      #expect(try lab.request("GET", "/streams/\(stream)/poll").status == 200)
      _ = try lab.request("DELETE", "/streams/\(stream)")
      #expect(try held.response().status == 200)
    }
  }

  @Test func `prompts`() async throws {
    try await withLab(limits: limits { $0.promptBytes = 10 }) { lab in
      func body(_ count: Int) -> String { #"{"prompt":"\#(String(repeating: "a", count: count))"}"# }
      #expect(try lab.request("POST", "/streams", body: body(10)).status == 201)
      #expect(try lab.request("POST", "/streams", body: body(11)).status == 413)
      #expect(try lab.request("GET", "/chat-stream?prompt=abcdefghijk").status == 414)
      let peer = try SocketPeer(port: lab.port, path: "/chat-socket")
      try peer.send(body(11))
      #expect(try peer.frame().opcode == 1)
      #expect(try peer.closeCode() == 1_009)
    }
  }

  @Test func `WebSocket messages and frames`() async throws {
    let small = limits {
      $0.messageBytes = 1_000
      $0.connection.frameBytes = 600
    }
    try await withLab(limits: small) { lab in
      var peer = try SocketPeer(port: lab.port, path: "/echo")
      let frame = [UInt8](repeating: 0x61, count: 600)
      try peer.send(opcode: 1, frame)
      #expect(try peer.frame().payload == frame)
      try peer.send(opcode: 1, frame + [0x61])
      #expect(try peer.closeCode() == 1_009)
      peer = try SocketPeer(port: lab.port, path: "/echo")
      try peer.send(opcode: 1, frame, isLast: false)
      try peer.send(opcode: 0, Array(frame.prefix(400)), isLast: true)
      #expect(try peer.frame().payload.count == 1_000)
      try peer.send(opcode: 1, frame, isLast: false)
      try peer.send(opcode: 0, Array(frame.prefix(401)), isLast: true)
      #expect(try peer.closeCode() == 1_009)
    }
  }

  @Test func `a peer that sends and does not read`() async throws {
    try await withLab(limits: limits { $0.connection.stallTime = .seconds(1) }) { lab in
      let peer = try SocketPeer(port: lab.port, path: "/echo")
      let message = [UInt8](repeating: 0x61, count: 500_000)
      #expect(throws: RawConnection.Failure.self) { while true { try peer.send(opcode: 2, message) } }
      #expect(try lab.request("GET", "/metrics").body.contains("pushlab_stalled_let_go_total 1\n"))
    }
  }
}

/// Asks again until it is so; who asks in vain for a minute gives up. Counted in questions: where the machine is
/// loaded they are far apart, and what they wait for is as slow.
func eventually(_ isSo: () throws -> Bool) async throws {
  for _ in 0..<6_000 {
    if try isSo() { return }
    try await Task.sleep(for: .milliseconds(10))
  }
  throw RawConnection.Failure(what: "it did not come to be so")
}
