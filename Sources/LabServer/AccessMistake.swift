/// What a server cannot be told about who may use it, in words that name the option. A token is never shown.
public enum AccessMistake: Error, Equatable, CustomStringConvertible {
  case token
  case tokenMissing(address: String)
  case origin(String)
  case host(String)

  public var description: String {
    switch self {
    case .token:
      "--token, or PUSHLAB_TOKEN, takes at least \(AccessToken.minimumLength) printable characters of ASCII, "
        + "no spaces"
    case .tokenMissing(let address):
      "--host \(address) is not a loopback address, so an access token is required: set PUSHLAB_TOKEN or give --token"
    case .origin("null"):
      "--allow-origin null would let in every sandboxed page and local file: name an origin, such as "
        + "https://app.example"
    case .origin(let text):
      "--allow-origin takes scheme://host[:port] without a path, such as https://app.example, not '\(text)'"
    case .host(let text):
      "--allow-host takes a host's name without scheme and port, such as lab.example, not '\(text)'"
    }
  }
}
