import Foundation
import Links
import Machine
import PlainText
import Synchronization

/// A link between a server's and its readers' network, which lasts as long as this does.
public final class Link: Sendable {
  /// Where the server's network finds itself, and the readers find the server.
  public static let serverHost = "10.77.0.1"
  static let readersHost = "10.77.0.2"

  public let serverNetwork: NetworkNamespace
  public let readersNetwork: NetworkNamespace
  private let wire: Mutex<Wire>

  private struct Wire {
    let process: ChildProcess
    var properties: LinkProperties

    /// Lines are short and answered one by one: a read never holds two.
    func line() -> Data? {
      var line = Data()
      while line.last != UInt8(ascii: "\n") {
        let piece = process.output.availableData
        guard !piece.isEmpty else { return nil }
        line += piece
      }
      return line
    }

    func say(_ properties: LinkProperties) throws -> LinkTally {
      try process.input.write(contentsOf: try JSONEncoder().encode(properties) + Data("\n".utf8))
      guard let line = line() else { throw NetworkError.wire("its process has ended") }
      return try JSONDecoder().decode(LinkTally.self, from: line)
    }
  }

  /// - Parameters:
  ///   - executable: the `pushlab` command, whose `packet-wire` it is.
  ///   - seed: what losses and jitter are drawn from.
  /// - Throws: `NetworkError`.
  public init(_ properties: LinkProperties, executable: String, seed: UInt64) throws(NetworkError) {
    let process: ChildProcess
    do {
      process = try ChildProcess(executable, ["packet-wire", "--seed", String(seed)])
    } catch {
      throw .wire("\(error)")
    }
    let wire = Wire(process: process, properties: .perfect)
    guard let line = wire.line(), let ends = try? JSONDecoder().decode(WireEnds.self, from: line) else {
      let said = String(decoding: process.errors.readDataToEndOfFile(), as: UTF8.self)
      throw .wire(said.isEmpty ? "it said nothing" : said.replacing("pushlab: ", with: "").inBrief)
    }
    serverNetwork = NetworkNamespace(path: ends.server)
    readersNetwork = NetworkNamespace(path: ends.readers)
    self.wire = Mutex(wire)
    try become(properties)
  }

  /// What it was last asked to be.
  public var properties: LinkProperties { wire.withLock { $0.properties } }

  /// - Returns: what the link did since the last time.
  /// - Throws: `NetworkError`.
  @discardableResult
  public func become(_ properties: LinkProperties) throws(NetworkError) -> LinkTally {
    do {
      return try wire.withLock { wire in
        wire.properties = properties
        return try wire.say(properties)
      }
    } catch {
      throw error as? NetworkError ?? .wire("\(error)")
    }
  }

  /// What the link did since the last time, which goes on as it is.
  /// - Throws: `NetworkError`.
  public func takeTally() throws(NetworkError) -> LinkTally { try become(properties) }

  /// Ends it, and waits until it is gone.
  public func stop() {
    wire.withLock { wire in
      try? wire.process.input.close()
      _ = wire.process.wait()
    }
  }
}
