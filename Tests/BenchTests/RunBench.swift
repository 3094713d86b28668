import Foundation

@testable import Bench

/// The parts of this project, with the server that people run.
let parts = {
  var project = URL(fileURLWithPath: #filePath)
  for _ in 0..<3 { project.deleteLastPathComponent() }
  let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  var parts = Parts(products: products.path, project: project.path)
  parts.pushlab = project.path + "/.build/release/pushlab"
  return parts
}()

/// Runs a bench on a thread of its own, since it blocks.
func bench(_ options: Options) async throws -> BenchResult {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(
        with: Result {
          try Bench(parts, options, command: "").run(
            didTurn: { _, _, _ in }, didTrial: { _ in }, isInterrupted: { false })
        })
    }
  }
}
