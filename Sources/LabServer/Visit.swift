import CKernel
import LWS

/// Bytes of TCP payload, as the server sees them.
struct Traffic: Equatable {
  var received = 0
  var sent = 0

  mutating func add(_ other: Traffic) {
    received += other.received
    sent += other.sent
  }
}

/// One exchange or WebSocket of a reader, from its request to its end. Its session tells it of the end.
final class Visit {
  unowned let session: Session
  /// Which of the reader's requests it is.
  let number: Int
  /// Bytes of the request, head and body.
  private let requestBytes: Int
  /// What the connection had carried when the request was there, and nothing of its answer.
  private let before: Traffic

  init(_ session: Session, _ request: Request, number: Int) {
    self.session = session
    self.number = number
    requestBytes = request.size
    var before = Self.total(session.descriptor)
    if session.isWebSocket { before.sent -= session.openingBytes }
    self.before = before
  }

  /// What belongs to it of its connection's bytes. What comes behind the request of an exchange is the next one's.
  var traffic: Traffic {
    let total = Self.total(session.descriptor)
    let messages = session.isWebSocket ? max(0, total.received - before.received) : 0
    return Traffic(received: requestBytes + messages, sent: max(0, total.sent - before.sent))
  }

  private static func total(_ descriptor: CInt) -> Traffic {
    var info = ckernel_connection()
    guard ckernel_connection_read(descriptor, 0, &info) == 0 else { return Traffic() }
    // What still waits in the kernel was sent by this exchange too, and not by the next one on the connection.
    let sent = Int(info.bytes_sent) - Int(info.bytes_retransmitted) + Int(info.bytes_waiting)
    return Traffic(received: Int(info.bytes_received), sent: sent)
  }
}
