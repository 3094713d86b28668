import Foundation
import Machine

/// tcpdump on the loopback interface: what went over the wire, as nobody in the lab counted it.
final class PacketCapture {
  private let process: ChildProcess
  private let port: Int

  /// Returns once packets are being captured.
  init(port: Int) throws {
    self.port = port
    // The kernel keeps a slot of the captured length for each packet: with whole packets, eight of them would
    // fill its buffer, and a loaded machine would lose some.
    process = try ChildProcess(
      "tcpdump",
      ["-i", "lo", "--immediate-mode", "-U", "-s", "512", "-B", "16384", "-w", "-", "tcp port \(port)"])
    var said = ""
    while !said.contains("listening on") {
      let more = process.errors.availableData
      guard !more.isEmpty else { throw RawConnection.Failure(what: "tcpdump: \(said)") }
      said += String(decoding: more, as: UTF8.self)
    }
  }

  deinit {
    // While no packet comes, tcpdump does not come to look at gentler signals.
    process.signal(SIGKILL)
    process.wait()
  }

  struct Connection {
    var clientPort: Int
    /// Bytes of TCP payload in each direction.
    var up = 0
    var down = 0
  }

  /// The connections in the order of their first packets, read until these words were captured.
  func connections(through words: String) throws -> [Connection] {
    var bytes = Data()
    while bytes.range(of: Data(words.utf8)) == nil {
      let more = process.output.availableData
      guard !more.isEmpty else { throw RawConnection.Failure(what: "the capture ended early") }
      bytes += more
    }
    return parse(Array(bytes))
  }

  /// The pcap file format: a header of 24 bytes, then packets, each behind 16 bytes of its own.
  private func parse(_ bytes: [UInt8]) -> [Connection] {
    func little(_ at: Int) -> Int { (0..<4).reversed().reduce(0) { $0 << 8 | Int(bytes[at + $1]) } }
    func big(_ at: Int) -> Int { Int(bytes[at]) << 8 | Int(bytes[at + 1]) }
    var connections: [Connection] = []
    var at = 24
    while at + 16 <= bytes.count, at + 16 + little(at + 8) <= bytes.count {
      // Ethernet's 14 bytes, then IPv4 and TCP, which say their own lengths in words of four bytes.
      let ip = at + 16 + 14
      let tcp = ip + Int(bytes[ip] & 0x0f) * 4
      let payload = big(ip + 2) - Int(bytes[ip] & 0x0f) * 4 - Int(bytes[tcp + 12] >> 4) * 4
      let (source, target) = (big(tcp), big(tcp + 2))
      let clientPort = source == port ? target : source
      if !connections.contains(where: { $0.clientPort == clientPort }) {
        connections.append(Connection(clientPort: clientPort))
      }
      let index = connections.firstIndex { $0.clientPort == clientPort } ?? 0
      if source == port { connections[index].down += payload } else { connections[index].up += payload }
      at += 16 + little(at + 8)
    }
    return connections
  }
}
