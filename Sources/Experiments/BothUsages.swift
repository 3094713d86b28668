import Foundation
import Machine

/// What the server's process and this one, the readers', have used so far.
struct BothUsages {
  /// Nil where it is gone, or no descriptor is left to look at it with.
  let server: ProcessUsage?
  let readers: ProcessUsage?

  init(_ server: MeasuredServer) {
    self.server = server.usage
    readers = ProcessUsage(of: ProcessInfo.processInfo.processIdentifier)
  }
}
