/// A proxy that stands between readers and server, in the configuration that people begin with, or in one that is made for
/// streams; and nginx with compression, in both. Their files are in `experiments/proxies`, under these names.
public enum Proxy: String, CaseIterable, Hashable, Sendable {
  case nginx
  case nginxTuned = "nginx-tuned"
  case nginxGzip = "nginx-gzip"
  case nginxGzipTuned = "nginx-gzip-tuned"
  case haproxy
  case haproxyTuned = "haproxy-tuned"
  case caddy
  case caddyTuned = "caddy-tuned"
  case varnish
  case varnishTuned = "varnish-tuned"
  case apache2
  case apache2Tuned = "apache2-tuned"
  case lighttpd
  case lighttpdTuned = "lighttpd-tuned"
  case envoy
  case envoyTuned = "envoy-tuned"

  /// As it is called, and its package.
  public var program: String { String(rawValue.prefix { $0 != "-" }) }

  /// The name of the program's file.
  var executable: String { program == "varnish" ? "varnishd" : program }

  /// Whether it speaks TLS by itself, and HTTP/2 there.
  public var speaksTLS: Bool { program != "varnish" }

  /// The configuration's file.
  var file: String {
    switch self {
    case .haproxy, .haproxyTuned: rawValue + ".cfg"
    case .varnish, .varnishTuned: rawValue + ".vcl"
    case .envoy, .envoyTuned: rawValue + ".yaml"
    default: rawValue + ".conf"
    }
  }

  /// With placeholders, as its configuration has them: `{file}` is that one.
  var arguments: [String] {
    switch self {
    case .nginx, .nginxTuned, .nginxGzip, .nginxGzipTuned: ["-e", "stderr", "-c", "{file}"]
    case .haproxy, .haproxyTuned: ["-db", "-f", "{file}"]
    case .caddy, .caddyTuned: ["run", "--adapter", "caddyfile", "--config", "{file}"]
    case .varnish: ["-F", "-j", "none", "-T", "none", "-n", "{folder}", "-a", "{address}", "-f", "{file}"]
    // How long a WebSocket may be silent stands in no configuration.
    case .varnishTuned: Proxy.varnish.arguments + ["-p", "pipe_timeout=3600"]
    case .apache2, .apache2Tuned: ["-D", "FOREGROUND", "-f", "{file}"]
    case .lighttpd, .lighttpdTuned: ["-D", "-f", "{file}"]
    case .envoy, .envoyTuned:
      ["--disable-hot-restart", "--log-level", "critical", "--concurrency", "1", "--config-path", "{file}"]
    }
  }
}
