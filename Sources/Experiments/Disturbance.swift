import Answers
import Faults
import Foundation
import Machine
import MonotonicTime
import Readings
import Wire

/// What happens to readers in the midst of their streams.
public enum Disturbance: Hashable, Sendable {
  /// Between server and reader, once a stream, at a place drawn from the reader's seed.
  case fault(Fault)
  /// The server is killed and started again, once a turn, half-way through the schedule.
  case restart

  /// As an experiment file names it.
  init?(_ name: String) {
    if name == "restart" {
      self = .restart
    } else if let fault = Fault(rawValue: name) {
      self = .fault(fault)
    } else {
      return nil
    }
  }

  static let names = Fault.allCases.map(\.rawValue) + ["restart"]
}

/// A turn's disturbance, set up before the readers come.
struct Disturbed {
  private let disturbance: Disturbance?
  private let length: Duration
  private let links: [FaultyLink]

  /// - Parameter questions: one a reader.
  /// - Throws: what the kernel says where no port can be had. No link is left then.
  init(_ disturbance: Disturbance?, _ questions: [ExpectedTokens], _ server: ServerAddress) async throws {
    self.disturbance = disturbance
    length = questions.map(\.length).max() ?? .zero
    guard case .fault(let fault)? = disturbance else {
      links = []
      return
    }
    var links: [FaultyLink] = []
    do {
      for expected in questions {
        // Drawn evenly from the first token to the last but one.
        let plan = FaultPlan(
          kinds: [fault], spacing: .tokens(mean: expected.count / 2), limit: 1, seed: expected.question.seed)
        links.append(try await FaultyLink(to: server.host, port: server.port, plan: plan))
      }
    } catch {
      for link in links { await link.stop() }
      throw error
    }
    self.links = links
  }

  /// Where that reader finds the server, if not where it is.
  func address(ofReader number: Int) -> ServerAddress? {
    links.isEmpty ? nil : ServerAddress(host: "127.0.0.1", port: links[number].port)
  }

  /// What is done to the server itself while the readers read.
  /// - Throws: what kept it from starting again.
  func act(on server: MeasuredServer, processors: Processors) async throws {
    guard disturbance == .restart else { return }
    try await Task.sleep(for: length / 2)
    try server.restart(on: processors.server)
  }

  func end() async {
    for link in links { await link.stop() }
  }
}
