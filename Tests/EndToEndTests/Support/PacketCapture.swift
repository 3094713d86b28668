import Foundation

/// tcpdump on the loopback interface: what went over the wire, as nobody in the lab counted it.
final class PacketCapture {
  private let process: pid_t
  private let packets: FileHandle
  private let port: Int

  /// Returns once packets are being captured.
  ///
  /// Started past Foundation's `Process`, which has crashed (in a copy of its own, swift-corelibs-foundation of
  /// Swift 6.3) while other tests had thousands of descriptors open.
  init(port: Int) throws {
    self.port = port
    let (output, errors) = (Pipe(), Pipe())
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output.fileHandleForWriting.fileDescriptor, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.fileHandleForWriting.fileDescriptor, 2)
    // The kernel keeps a slot of the captured length for each packet: with whole packets, eight of them would
    // fill its buffer, and a loaded machine would lose some.
    let arguments = [
      "tcpdump", "-i", "lo", "--immediate-mode", "-U", "-s", "512", "-B", "16384", "-w", "-",
      "tcp port \(port)",
    ]
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    guard posix_spawnp(&process, "tcpdump", &actions, nil, &words, environ) == 0 else {
      throw RawConnection.Failure(what: "tcpdump could not be started")
    }
    self.process = process
    packets = output.fileHandleForReading
    try? output.fileHandleForWriting.close()
    try? errors.fileHandleForWriting.close()
    var said = ""
    while !said.contains("listening on") {
      let more = errors.fileHandleForReading.availableData
      guard !more.isEmpty else { throw RawConnection.Failure(what: "tcpdump: \(said)") }
      said += String(decoding: more, as: UTF8.self)
    }
  }

  deinit {
    // While no packet comes, tcpdump does not come to look at gentler signals.
    kill(process, SIGKILL)
    var status: CInt = 0
    waitpid(process, &status, 0)
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
      let more = packets.availableData
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
