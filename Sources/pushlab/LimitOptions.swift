import ArgumentParser
import LabServer
import MonotonicTime

/// The limits of `pushlab serve`, an option each.
struct LimitOptions: ParsableArguments {
  @Option(help: "Connections open at a time; the next is answered with 503.")
  var maxConnections = Limits().connection.connections

  @Option(help: "Connections open at a time from one address (429).")
  var maxConnectionsPerAddress = Limits().connection.connectionsPerAddress

  @Option(help: "Requests per second from one address (429); 0 for any number.")
  var maxRequestRate = 0.0

  @Option(help: "Streams held at a time, finished ones included until they expire (503).")
  var maxStreams = Limits().streams

  @Option(help: "Tokens times their size, over the answers of all streams held (503).")
  var maxHeldPieces = Limits().heldPieces

  @Option(help: "Long polls held at a time (503).")
  var maxHeldPolls = Limits().heldPolls

  @Option(help: "Bytes of request line and header fields, at most 64,000 (431).")
  var maxHeadBytes = Limits().connection.headBytes

  @Option(help: "Bytes of the request line (414).")
  var maxLineBytes = Limits().connection.requestLineBytes

  @Option(help: "Header fields of a request, at most 1,000 (431).")
  var maxFields = Limits().connection.headFields

  @Option(help: "Bytes of a request's body (413).")
  var maxBodyBytes = Limits().bodyBytes

  @Option(help: "Bytes of a prompt (413, or 414 in a query).")
  var maxPromptBytes = Limits().promptBytes

  @Option(help: "Tokens of an answer times their size (413, or 414 in a query).")
  var maxAnswerPieces = Limits().answerPieces

  @Option(help: "Bytes of a WebSocket message (close 1009).")
  var maxMessageBytes = Limits().messageBytes

  @Option(help: "Bytes of a WebSocket frame (close 1009).")
  var maxFrameBytes = Limits().connection.frameBytes

  @Option(
    help: """
      WebSockets at a time whose messages are compressed where the client offers it (permessage-deflate), each for \
      about 0.3 MB; 0 for none.
      """)
  var maxDeflatedSockets = Limits().connection.compressedWebSockets

  @Option(help: "Bytes of bodies and messages in flight, over all connections (503, close 1013).")
  var maxPendingBytes = Limits().connection.pendingBytes

  @Option(help: "Seconds from a request's first byte to its last (408).")
  var requestTime = 10

  @Option(help: "Seconds a connection may stay without a request, or a WebSocket silent before it is pinged.")
  var idleTime = 60

  @Option(help: "Seconds a reader may accept no bytes before it is disconnected.")
  var stallTime = 30.0

  @Option(help: "Tokens a reader may fall behind before it is disconnected.")
  var maxLag = Limits().lagTokens

  @Option(help: "Seconds without a reader before a stream's generation is stopped.")
  var unreadTime = 120.0

  @Option(help: "Seconds a finished stream can still be read.")
  var retention = 60.0

  func validate() throws {
    let counts = [
      ("max-connections", maxConnections), ("max-connections-per-address", maxConnectionsPerAddress),
      ("max-streams", maxStreams), ("max-held-pieces", maxHeldPieces), ("max-held-polls", maxHeldPolls),
      ("max-head-bytes", maxHeadBytes),
      ("max-line-bytes", maxLineBytes), ("max-fields", maxFields), ("max-body-bytes", maxBodyBytes),
      ("max-prompt-bytes", maxPromptBytes), ("max-answer-pieces", maxAnswerPieces),
      ("max-message-bytes", maxMessageBytes),
      ("max-frame-bytes", maxFrameBytes), ("max-pending-bytes", maxPendingBytes), ("max-lag", maxLag),
    ]
    let edges = ["max-head-bytes": 64_000, "max-fields": 1_000, "max-prompt-bytes": 65_536]
    for (name, value) in counts {
      let edge = edges[name] ?? 1_000_000_000
      guard (1...edge).contains(value) else {
        throw ValidationError("--\(name) takes a whole number from 1 to \(edge)")
      }
    }
    for (name, value, other, least) in [
      ("max-pending-bytes", maxPendingBytes, "max-body-bytes", maxBodyBytes),
      ("max-pending-bytes", maxPendingBytes, "max-message-bytes", maxMessageBytes),
      ("max-held-pieces", maxHeldPieces, "max-answer-pieces", maxAnswerPieces),
      ("max-head-bytes", maxHeadBytes, "max-line-bytes", maxLineBytes),
    ] where value < least {
      throw ValidationError("--\(name) must be at least --\(other), which is \(least)")
    }
    for (name, value) in [("request-time", requestTime), ("idle-time", idleTime)]
    where !(1...3_600).contains(value) {
      throw ValidationError("--\(name) takes whole seconds from 1 to 3600")
    }
    for (name, value) in [
      ("stall-time", stallTime), ("unread-time", unreadTime), ("retention", retention),
    ]
    where !(0.1...86_400).contains(value) {
      throw ValidationError("--\(name) takes seconds from 0.1 to 86400")
    }
    guard (0...20_000).contains(maxDeflatedSockets) else {
      throw ValidationError("--max-deflated-sockets takes a whole number from 0 to 20000")
    }
    guard (0...1_000_000).contains(maxRequestRate) else {
      throw ValidationError("--max-request-rate takes a number from 0 to 1000000")
    }
  }

  /// What is wrong with a limit in an experiment's file; nil where the server takes it.
  static func mistake(option: String, value: String) -> String? {
    do {
      _ = try parse(["--\(option)=\(value)"])
      return nil
    } catch  where exitCode(for: error).isSuccess {
      // Asked for help, which is no mistake of a command line.
      return "'serve' takes no '\(option)'"
    } catch {
      return "'serve': \(message(for: error).replacing("--", with: ""))"
    }
  }

  var limits: Limits {
    var limits = Limits()
    limits.connection.connections = maxConnections
    limits.connection.connectionsPerAddress = maxConnectionsPerAddress
    limits.connection.requestsPerSecond = maxRequestRate > 0 ? maxRequestRate : nil
    limits.connection.headBytes = maxHeadBytes
    limits.connection.requestLineBytes = maxLineBytes
    limits.connection.headFields = maxFields
    limits.connection.requestTime = .seconds(requestTime)
    limits.connection.idleTime = .seconds(idleTime)
    limits.connection.stallTime = Duration(roundedSeconds: stallTime)
    limits.connection.frameBytes = maxFrameBytes
    limits.connection.pendingBytes = maxPendingBytes
    limits.connection.compressedWebSockets = maxDeflatedSockets
    limits.bodyBytes = maxBodyBytes
    limits.promptBytes = maxPromptBytes
    limits.answerPieces = maxAnswerPieces
    limits.messageBytes = maxMessageBytes
    limits.streams = maxStreams
    limits.heldPieces = maxHeldPieces
    limits.unreadTime = Duration(roundedSeconds: unreadTime)
    limits.heldPolls = maxHeldPolls
    limits.lagTokens = maxLag
    limits.retention = Duration(roundedSeconds: retention)
    return limits
  }
}
