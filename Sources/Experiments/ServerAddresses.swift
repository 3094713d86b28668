import Machine
import Wire

extension ServerProcess {
  /// Where readers find it.
  public var address: ServerAddress { ServerAddress(host: "127.0.0.1", port: port) }
}
