/// A figure that is measured of an entry.
public enum Figure: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
  case serverProcessor, delayMedian, delay99, delay999, residentMemory, kernelMemory, connections,
    connectionProcessor, bytesRead
  case requests, requestProcessor

  /// What it is, with its unit.
  public var title: String {
    switch self {
    case .serverProcessor: "server CPU, µs per delivery"
    case .delayMedian: "delay p50, ms"
    case .delay99: "delay p99, ms"
    case .delay999: "delay p99.9, ms"
    case .residentMemory: "resident memory, kB per connection"
    case .kernelMemory: "kernel memory, kB per connection"
    case .connections: "connections accepted per second"
    case .connectionProcessor: "server CPU for accepting, µs per connection"
    case .bytesRead: "bytes read per delivery"
    case .requests: "polls answered per second"
    case .requestProcessor: "server CPU, µs per poll"
    }
  }

  /// What it is, without its unit: a ratio has none.
  var name: Substring { title.prefix { $0 != "," } }

  /// Those of a load.
  static let ofLoads: [Figure] = allCases.filter { $0 != .requests && $0 != .requestProcessor }
  /// Those for which an entry is held against the floor, whose own memory is next to none.
  static let comparedWithFloor: [Figure] = [.serverProcessor, .delayMedian, .delay99, .delay999]
  /// Those for which an entry is held against Nchan.
  static let comparedWithNchan = comparedWithFloor + [.residentMemory]

  /// Why an entry may be without it.
  var absence: String {
    switch self {
    case .serverProcessor, .bytesRead: "nothing was delivered"
    case .delayMedian, .delay99, .delay999: "fewer than five delays lay beyond it"
    case .residentMemory, .kernelMemory: "so few connections drown in what else moves in memory"
    case .connections, .connectionProcessor:
      "the server says nothing to a new reader before the first token, so its accepting cannot be seen"
    case .requests, .requestProcessor: "nothing was answered"
    }
  }
}
