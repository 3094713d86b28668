/// A proxy that stands between readers and server, in one of two configurations: the one that people begin with, and the one
/// that is made for streams. Their files are in `experiments/proxies`, under these names.
public enum Proxy: String, CaseIterable, Hashable, Sendable {
  case nginx
  case nginxTuned = "nginx-tuned"
  case haproxy
  case haproxyTuned = "haproxy-tuned"
  case caddy
  case caddyTuned = "caddy-tuned"

  /// As Debian's package and program are called.
  public var program: String { String(rawValue.prefix { $0 != "-" }) }

  /// Whether it can have a port with TLS.
  public var speaksTLS: Bool { true }

  /// The file's name.
  var file: String { rawValue + (program == "haproxy" ? ".cfg" : ".conf") }

  /// - Parameter file: its configuration.
  func arguments(_ file: String) -> [String] {
    switch self {
    case .nginx, .nginxTuned: ["-e", "stderr", "-c", file]
    case .haproxy, .haproxyTuned: ["-db", "-f", file]
    case .caddy, .caddyTuned: ["run", "--adapter", "caddyfile", "--config", file]
    }
  }
}
