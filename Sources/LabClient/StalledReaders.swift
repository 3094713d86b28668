import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Wire

/// Readers that ask for a stream and then read no more: what the network's worst links look like to a server.
public struct StalledReaders: Sendable {
  private let channels: [any Channel]

  /// What the kernel is asked to hold for each of them, in bytes; it takes at least a little more.
  private static let receiveBuffer: SocketOptionValue = 4_096

  /// They do not all stall in the same moment, as they would not out there: the kernel probes the closed windows of
  /// those that do (RFC 9293, section 3.8.6.1) all at once, and a thousand probes are milliseconds.
  private static let timeBetweenTwo = Duration.milliseconds(5)

  init(
    _ count: Int, of stream: StreamStarted, over transport: Transport, from server: ServerAddress,
    on group: any EventLoopGroup
  ) async throws {
    let request = Self.request(stream, transport, server)
    let timeBetweenTwo = Self.timeBetweenTwo
    let made = NIOLockedValueBox<[any Channel]>([])
    do {
      try await withThrowingTaskGroup(of: Void.self) { connections in
        for number in 0..<count {
          connections.addTask {
            try await Task.sleep(for: timeBetweenTwo * number)
            let loop = group.next()
            // On the loop's thread, which may be in another network than this one.
            let channel = try await loop.flatSubmit {
              ClientBootstrap(group: loop)
                .channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: Self.receiveBuffer)
                .connect(to: server, on: loop)
            }.get()
            made.withLockedValue { $0.append(channel) }
            try await channel.writeAndFlush(ByteBuffer(string: request))
          }
        }
        for try await _ in connections {}
      }
    } catch {
      // Those that have come do not stand on where others could not come.
      for channel in made.withLockedValue({ $0 }) { try? await channel.close() }
      throw error is ChannelError ? .connectionLost : ReadError(error)
    }
    channels = made.withLockedValue { $0 }
  }

  /// How many they are.
  public var count: Int { channels.count }

  /// They hang up.
  public func leave() async {
    for channel in channels { try? await channel.close() }
  }

  private static func request(
    _ stream: StreamStarted, _ transport: Transport, _ server: ServerAddress
  ) -> String {
    // The key of RFC 6455, section 1.3: the answer is not going to be looked at.
    let handshake =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    return "GET /streams/\(stream.stream)/\(transport.resource)?from=0 HTTP/1.1\r\n"
      + "Host: \(server.hostField)\r\n\(transport.exchange == .socket ? handshake : "")\r\n"
  }
}

extension Reader {
  /// Connects readers that stall at once.
  /// - Throws: `ReadError`; none of them is left connected then.
  public func stall(
    _ count: Int, of stream: StreamStarted, over transport: Transport, from server: ServerAddress
  ) async throws -> StalledReaders {
    try await StalledReaders(count, of: stream, over: transport, from: server, on: group)
  }
}
