import Answers
import Foundation
import LabClient
import Machine
import Measurement
import OpenDescriptors
import Readings
import Results
import Wire

/// What stands around a turn's readers: a stalled crowd beside them, and what disturbs them on the way.
struct Surroundings {
  let crowd: StalledCrowd?
  let disturbed: Disturbed
  /// The server's resident memory when nobody of them had come.
  let residentBytesBefore: Int?

  /// - Throws: `ExperimentError` that says what could not start. Nothing of it is left then.
  init(
    of entry: Experiment.Entry, _ questions: [ExpectedTokens], _ server: MeasuredServer,
    at address: ServerAddress, _ reader: Reader
  ) async throws(ExperimentError) {
    residentBytesBefore = server.usage?.residentBytes
    let stalled = entry.condition.stalled
    do {
      crowd = try await StalledCrowd(stalled, over: entry, server, at: address, reader)
    } catch {
      throw ExperimentError("the \(stalled) stalled readers could not be set up: \(Self.words(error))")
    }
    do {
      disturbed = try await Disturbed(entry.condition.disturbance, questions, address)
    } catch {
      await crowd?.leave()
      throw ExperimentError("the links of \(questions.count) readers could not be made: \(Self.words(error))")
    }
  }

  /// An error as the system or the network puts it.
  private static func words(_ error: any Error) -> String {
    (error as? POSIXError).map { Descriptors.words(for: $0.code.rawValue) } ?? "\(error)"
  }
}
