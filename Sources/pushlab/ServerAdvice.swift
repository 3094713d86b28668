import LWS

extension ServerError {
  /// What it is, and what to type instead.
  var advice: String {
    switch self {
    case .portTaken: "\(description): choose another with --port, or 0 for any free one"
    case .portForbidden: "\(description): choose one above 1023 with --port"
    case .hostUnknown: "\(description): give an IP address with --host, such as 127.0.0.1"
    case .tooFewDescriptors: "\(description): allow more, such as with 'ulimit -n 4096'"
    case .contextRefused: "\(description): install libwebsockets-evlib-ev"
    }
  }
}

/// A server that did not start, in words for who typed the command.
struct NotServing: Error, CustomStringConvertible {
  let description: String

  init(_ error: ServerError) {
    description = error.advice
  }
}
