import Glibc

/// A kept connection on which requests are sent and answered one after the other; it blocks.
package final class AskedConnection {
  private let descriptor: CInt
  private var parser = AnswerParser(.counted)
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)

  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  package init(port: Int) throws {
    descriptor = try Loopback.connect(to: port)
    // Whoever does not answer for so long does not work.
    Loopback.set(descriptor, SOL_SOCKET, SO_RCVTIMEO, to: timeval(tv_sec: 20, tv_usec: 0))
  }

  deinit {
    Loopback.reset(descriptor)
    buffer.deallocate()
  }

  /// - Returns: the status and the body.
  package func answer(to request: [UInt8]) throws -> (status: Int, body: [UInt8]) {
    guard Loopback.send(request, to: descriptor) else { throw Failure(description: "does not take requests") }
    var body: [UInt8] = []
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      guard count > 0 else {
        throw Failure(description: "closed the connection, or was silent for 20 s, instead of answering")
      }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      if try parser.take(bytes, body: { body.append(contentsOf: $0) }).isComplete {
        return (parser.status, body)
      }
    }
  }
}
