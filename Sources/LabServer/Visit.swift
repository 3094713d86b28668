import CKernel
import Glibc
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

/// One exchange or WebSocket, from the arrival of its request to its end. Its session owns it, and tells it of the end.
final class Visit {
  unowned let session: Session
  /// Whose it is, where the reader named itself; nil once it is over.
  var reader: TaggedReader?
  /// The connection's.
  let cookie: UInt64
  private let ledger: ConnectionLedger
  private let before: Traffic

  init(_ session: Session, _ ledger: ConnectionLedger) {
    self.session = session
    self.ledger = ledger
    cookie = Self.cookie(session.descriptor)
    before = ledger[cookie]
    session.whenEnding = { self.end() }
  }

  private func end() {
    reader?.leave(self)
    reader = nil
    ledger[cookie] = Self.total(session.descriptor)
  }

  /// What belongs to it of its connection's bytes.
  var traffic: Traffic {
    let total = Self.total(session.descriptor)
    return Traffic(
      received: max(0, total.received - before.received), sent: max(0, total.sent - before.sent))
  }

  private static func total(_ descriptor: CInt) -> Traffic {
    var info = ckernel_connection()
    guard ckernel_connection_read(descriptor, &info) == 0 else { return Traffic() }
    // What still waits in the kernel was sent by this exchange too, and not by the next one on the connection.
    let sent = Int(info.bytes_sent) - Int(info.bytes_retransmitted) + Int(info.bytes_waiting)
    return Traffic(received: Int(info.bytes_received), sent: sent)
  }

  /// Linux's own name for a socket, never given twice; `SO_COOKIE` is missing from Glibc's module.
  private static func cookie(_ descriptor: CInt) -> UInt64 {
    var cookie: UInt64 = 0
    var size = socklen_t(MemoryLayout.size(ofValue: cookie))
    getsockopt(descriptor, SOL_SOCKET, 57, &cookie, &size)
    return cookie
  }
}

/// How far each connection's bytes have been told to somebody.
final class ConnectionLedger {
  private var told: [UInt64: Traffic] = [:]
  private var order: [UInt64] = []

  /// Connections remembered. Of one that was forgotten, the next exchange is told too much.
  static let capacity = 20_000

  subscript(cookie: UInt64) -> Traffic {
    get { told[cookie] ?? Traffic() }
    set {
      if told.updateValue(newValue, forKey: cookie) == nil { order.append(cookie) }
      guard order.count > Self.capacity else { return }
      for old in order.prefix(Self.capacity / 2) { told[old] = nil }
      order.removeFirst(Self.capacity / 2)
    }
  }
}
