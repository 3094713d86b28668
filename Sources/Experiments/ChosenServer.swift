import Answers
import Edge
import Foundation
import LabClient
import PlainText
import Readings
import Results
import Wire

/// An experiment whose server, or what stands in front of it, the command line chooses.
extension Experiment {
  /// Refuses what only a server of the run's own can be made to do, and proxies in front of one that speaks TLS.
  /// - Throws: `ExperimentError` that says what to leave out.
  public func requireNothing(of server: ServerAddress) throws(ExperimentError) {
    guard server.trust == nil || !conditions.contains(where: { $0.proxy != nil }) else {
      throw ExperimentError(
        "the lab's proxies speak to a server in the clear: give --server a URL of http, or leave out --via and 'via'"
      )
    }
    let wishes: [(String, (Condition) -> Bool)] = [
      ("network", { $0.network != nil }), ("trace", { $0.trace != nil }), ("hints", { $0.hints != nil }),
      ("batch, heartbeat or nagle", { !$0.sending.options.isEmpty }),
      ("fault", { $0.disturbance != nil }), ("stalled", { $0.stalled > 0 }),
    ]
    var wished = wishes.filter { conditions.contains(where: $0.1) }.map(\.0)
    if memoryConnections != nil { wished.append("memory") }
    if !serverLimits.isEmpty { wished.append("serve") }
    guard wished.isEmpty else {
      throw ExperimentError(
        "--server measures a server as it is, and \(name) sets \(wished.joined(separator: ", ")), which takes one of the "
          + "run's own: take another experiment, or a copy of its file without that")
    }
  }

  /// Refuses a server that does not speak the lab's interface, does not let everybody in, or does not answer.
  /// - Throws: `ExperimentError`.
  public func requireAnswers(of server: ServerAddress) async throws(ExperimentError) {
    let reader = Reader()
    var missing: Result<Transport?, any Error>
    do {
      missing = .success(try await firstMissing(at: server, reader))
      // It may want a token.
      _ = try await reader.clockOffset(of: server)
      if server.trust != nil, let variant = variants.first(where: { $0.http == .two }) {
        try await reader.requireReading(variant, from: server)
      }
    } catch {
      missing = .failure(error)
    }
    await reader.shutDown()
    let place = "\(server.scheme)://\(server.hostField)"
    switch missing {
    case .failure(let error): throw ExperimentError("\(place): \(error)")
    case .success(let transport?): throw ExperimentError("\(place) does not speak \(transport.name)")
    case .success(nil): break
    }
  }

  /// The first of the experiment's transports that a server does not name.
  private func firstMissing(at server: ServerAddress, _ reader: Reader) async throws -> Transport? {
    let text: String
    do {
      text = try await reader.get("/transports", from: server)
    } catch ReadError.refused(let status, _, _) where status == 404 {
      throw ReadError.malformed("404 for /transports: this is no pushlab")
    }
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw ReadError.malformed("no list of transports at /transports: this is no pushlab")
    }
    return variants.map(\.transport).first { !names.contains($0.name) }
  }

  /// With a proxy in front of the server under every condition.
  /// - Parameter name: the proxy's.
  /// - Throws: `ExperimentError` where there is no such proxy, where it does not speak what is asked for, or where the
  ///   experiment has proxies already.
  public func behind(_ name: String) throws(ExperimentError) -> Experiment {
    guard let proxy = Proxy(rawValue: name) else {
      let names = Proxy.allCases.map(\.rawValue)
      throw ExperimentError("--via: " + names.refusal(of: name, kind: "proxy", plural: "proxies"))
    }
    guard !conditions.contains(where: { $0.proxy != nil }) else {
      throw ExperimentError("\(self.name) says itself what stands in front of its server: leave --via out")
    }
    if !proxy.speaksTLS, let variant = variants.first(where: { $0.http != .clear }) {
      throw ExperimentError(
        "--via: \(name) speaks no TLS, which '\(variant.name)' reads over: take another proxy")
    }
    var behind = self
    for index in conditions.indices { behind.conditions[index].proxy = proxy }
    return behind
  }

  /// Where everything reads over TLS that does not say otherwise.
  /// - Parameter http2: whether with HTTP/2, but for WebSockets, which have a connection of HTTP/1.1 of their own.
  public func encrypted(http2: Bool) -> Experiment {
    var encrypted = self
    for index in variants.indices where variants[index].http == .clear {
      let isSocket = variants[index].transport == .webSocket
      encrypted.variants[index].http = http2 && !isSocket ? .two : .encrypted
    }
    return encrypted
  }
}

extension Reader {
  /// Reads the shortest of answers, as a variant does.
  /// - Throws: `ReadError` where it cannot be read so.
  fileprivate func requireReading(_ variant: Variant, from server: ServerAddress) async throws {
    let question = Question(prompt: "Are you there?", tokenCount: 1, pacing: Pacing(think: .zero))
    let reading = await read(
      ReadingPlan(server: server, variant: variant, expected: ExpectedTokens(question)))
    if let failure = reading.failure { throw ExperimentError(failure) }
  }
}
