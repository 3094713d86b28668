import CKernel
import Foundation
import Links
import MonotonicTime

/// Carries packets between two network namespaces, in a process of its own: the servers' and the readers', each with one
/// device, `link0`. All of it is gone with the process and with those who are in the namespaces.
///
///     readers ── link0 (TUN) ──> a lane ──> link0 (TUN) ── server
///             <──              <── a lane
public struct PacketWire {
  private let ends: [End]
  private var ways: [Way]
  private let input = CommandLines()
  private let readsAtATime = 64
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)

  /// A namespace with its device.
  private struct End {
    let device: Int32
    /// By which the device is changed.
    let control: Int32
    /// Stands for the namespace.
    let namespace: Int32
  }

  /// One direction.
  private struct Way {
    var lane: Lane
    var travelling = PacketQueue()
    var latest = Duration.zero
  }

  private static let deviceName = "link0"
  /// Room for packets that the wire's process has not looked at yet.
  private static let deviceQueue: CInt = 10_000

  /// Serves until its standard input ends: each line there is what the link is to be from then on, and is answered with
  /// what it did so far.
  /// - Throws: `NetworkError`.
  public static func run(seed: UInt64) throws(NetworkError) {
    ckernel_wake_at_once()
    goFirst()
    let ends = [try end(Link.serverHost), try end(Link.readersHost)]
    let paths = ends.map { "/proc/\(ProcessInfo.processInfo.processIdentifier)/fd/\($0.namespace)" }
    say(WireEnds(server: paths[0], readers: paths[1]))
    var wire = PacketWire(ends, seed)
    wire.carry()
  }

  /// What carries the packets does not wait for those who send them, where the system lets it.
  static func goFirst() { _ = nice(-10) }

  /// Makes a namespace with a device in it. The calling thread is in it then.
  private static func end(_ address: String) throws(NetworkError) -> End {
    guard ckernel_network_new() == 0 else { throw .namespace(errno) }
    // What was learnt of a way on one connection is not to make the next one another.
    let setting = "/proc/sys/net/ipv4/tcp_no_metrics_save"
    try? "1".write(toFile: setting, atomically: false, encoding: .utf8)
    let isSet = (try? String(contentsOfFile: setting, encoding: .utf8))?.hasPrefix("1") ?? false
    guard isSet else { throw .setting(setting) }
    var control: CInt = -1
    let device = ckernel_tun_open(deviceName, address, deviceQueue, &control)
    guard device >= 0 else { throw .device(errno) }
    let namespace = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
    guard namespace >= 0 else { throw .namespace(errno) }
    return End(device: device, control: control, namespace: namespace)
  }

  private static func say(_ line: some Encodable) {
    // What is said is made of numbers and paths of its own.
    guard let data = try? JSONEncoder().encode(line) else { return }
    FileHandle.standardOutput.write(data + Data("\n".utf8))
  }

  private init(_ ends: [End], _ seed: UInt64) {
    self.ends = ends
    ways = ends.indices.map { Way(lane: Lane(.perfect, seed: seed &+ UInt64($0))) }
  }

  private mutating func carry() {
    let set = ckernel_watch_create()
    for (number, end) in ends.enumerated() { ckernel_watch_add(set, end.device, UInt32(number)) }
    ckernel_watch_add(set, STDIN_FILENO, UInt32(ends.count))
    var tags = [UInt32](repeating: 0, count: ends.count + 1)
    while true {
      for number in ways.indices { deliver(number) }
      let next = ways.compactMap(\.travelling.firstDue).min()
      let wait = next.map { max(.zero, Instant.now.duration(to: $0)) } ?? .seconds(3_600)
      let count = ckernel_watch_wait(set, &tags, CInt(tags.count), wait.inNanoseconds)
      for tag in tags.prefix(max(0, Int(count))) {
        if Int(tag) < ends.count {
          take(Int(tag))
        } else if !takeCommands() {
          return
        }
      }
    }
  }

  private mutating func deliver(_ number: Int) {
    let now = Instant.now
    while let due = ways[number].travelling.firstDue, due <= now {
      let packet = ways[number].travelling.removeFirst()
      ways[number].latest = max(ways[number].latest, due.duration(to: .now))
      // A device that takes none has lost it, as a full card would.
      let written = packet.withUnsafeBytes { write(ends[1 - number].device, $0.baseAddress, $0.count) }
      if written < 0 { ways[number].lane.wasRefused() }
    }
  }

  private mutating func take(_ number: Int) {
    for _ in 0..<readsAtATime {
      let count = read(ends[number].device, buffer.baseAddress, buffer.count)
      guard count > 0 else { return }
      // Nobody here speaks IPv6 but the kernel, to itself.
      guard buffer[0] >> 4 == 4 else { continue }
      let flow = Flow(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      guard let due = ways[number].lane.due(packetOf: count, of: flow, at: .now) else { continue }
      ways[number].travelling.insert(Array(buffer[..<count]), due: due)
    }
  }

  /// - Returns: whether there may be more.
  private mutating func takeCommands() -> Bool {
    guard let lines = input.read() else { return false }
    for line in lines {
      guard let link = try? JSONDecoder().decode(LinkProperties.self, from: Data(line.utf8)) else { continue }
      Self.say(become(link))
    }
    return true
  }

  private mutating func become(_ link: LinkProperties) -> LinkTally {
    var tally = LinkTally()
    let now = Instant.now
    for (number, end) in ends.enumerated() {
      // Within what every device takes.
      _ = ckernel_set_mtu(end.control, Self.deviceName, CInt(link.mtu))
      tally = tally + ways[number].lane.takeTally(latest: ways[number].latest)
      ways[number].latest = .zero
      guard link != ways[number].lane.link else { continue }
      ways[number].travelling.hasten(to: now)
      ways[number].lane.become(link, at: now)
    }
    return tally
  }
}

/// Where the two ends are: paths of namespaces.
struct WireEnds: Codable {
  var server: String
  var readers: String
}
