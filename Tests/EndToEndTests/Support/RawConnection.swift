import Foundation

/// A blocking TCP connection: a peer that is free to say anything.
final class RawConnection {
  private let descriptor: CInt
  private var buffer: [UInt8] = []

  struct Failure: Error {
    var what: String
  }

  /// - Parameter receiveBuffer: bytes the kernel may keep for it before it has to be read; nil lets the kernel
  ///   choose.
  init(port: Int, receiveBuffer: CInt? = nil) throws {
    descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    }
    // A bound for a server that never answers; no test waits for it to pass.
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failure(what: "connect: \(String(cString: strerror(errno)))") }
  }

  deinit {
    Glibc.close(descriptor)
  }

  func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(what: "send: \(String(cString: strerror(errno)))") }
      sent += count
    }
  }

  func endSending() {
    shutdown(descriptor, CInt(SHUT_WR))
  }

  /// Ends the connection so that the peer is told by a reset.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    // The descriptor itself is closed in the end; a closed socket in its place resets the connection at once.
    let closed = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    dup2(closed, descriptor)
    Glibc.close(closed)
  }

  /// Everything up to and including the text.
  func receive(through text: String) throws -> String {
    let wanted = Array(text.utf8)
    while true {
      if let end = buffer.firstRange(of: wanted)?.upperBound {
        defer { buffer.removeFirst(end) }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      guard try receiveMore() else {
        throw Failure(
          what: "the connection ended before '\(text)': \(String(decoding: buffer, as: UTF8.self))")
      }
    }
  }

  /// Reads up to a text near the end of much, and keeps nothing of what came before.
  func receiveThroughEnd(of text: String) throws {
    let wanted = Array(text.utf8)
    while buffer.suffix(1_024).firstRange(of: wanted) == nil {
      buffer = buffer.suffix(wanted.count)
      guard try receiveMore() else { throw Failure(what: "the connection ended before '\(text)'") }
    }
  }

  func receive(count: Int) throws -> [UInt8] {
    while buffer.count < count {
      guard try receiveMore() else { throw Failure(what: "the connection ended early") }
    }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  /// Whether there is nothing more to be read; waits until it is known.
  func hasEnded() throws -> Bool {
    try buffer.isEmpty && !receiveMore()
  }

  /// Everything until the server closes.
  func receiveToEnd() throws -> String {
    String(decoding: try receiveBytesToEnd(), as: UTF8.self)
  }

  /// The same, where it may begin within a character.
  func receiveBytesToEnd() throws -> [UInt8] {
    while try receiveMore() {}
    defer { buffer = [] }
    return buffer
  }

  /// False at the connection's end, however it came about.
  private func receiveMore() throws -> Bool {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &piece, piece.count, 0)
    if count < 0, errno == EAGAIN { throw Failure(what: "the server did not answer in time") }
    guard count > 0 else { return false }
    buffer.append(contentsOf: piece[..<count])
    return true
  }

  /// A request and its response, whose length the server states.
  func request(_ method: String, _ path: String, fields: String = "", body: String? = nil) throws
    -> RawResponse
  {
    let length = body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
    try send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\(length)\r\n\(body ?? "")")
    return try response(hasBody: method != "HEAD")
  }

  func response(hasBody: Bool = true) throws -> RawResponse {
    var response = RawResponse(head: try receive(through: "\r\n\r\n"))
    if hasBody, let length = response["content-length"].flatMap({ Int($0) }) {
      response.body = String(decoding: try receive(count: length), as: UTF8.self)
    }
    return response
  }
}

struct RawResponse {
  var head: String
  var body = ""

  var status: Int {
    Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
  }

  subscript(name: String) -> String? {
    for line in head.split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == name {
        return parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}
