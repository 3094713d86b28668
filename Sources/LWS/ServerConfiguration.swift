/// Where a server listens, and how.
public struct ServerConfiguration: Sendable {
  /// An IP address of this machine.
  public var host: String
  /// 0 lets the kernel choose a free port.
  public var port: Int
  public var limits: ConnectionLimits
  /// What libwebsockets calls this server's protocol, and a debugger its thread.
  public var name: String

  public init(
    host: String = "127.0.0.1", port: Int = 0, limits: ConnectionLimits = ConnectionLimits(),
    name: String = "server"
  ) {
    self.name = name
    self.host = host
    self.port = port
    self.limits = limits
  }
}
