import CKernel
import Foundation

/// Which processors the server and the readers get, so that neither takes the other's.
public struct Processors: Sendable, Codable {
  /// What this process may run on.
  public var allowed: [Int]
  /// Empty where there is but one, which both then share.
  public var server: [Int]
  public var readers: [Int]

  /// One for the server, whose loop is one thread, and the rest for the readers.
  public init() {
    var processors = [CInt](repeating: 0, count: 1_024)
    let count = Int(ckernel_allowed_processors(&processors, CInt(processors.count)))
    allowed = processors.prefix(count).map(Int.init)
    server = allowed.count > 1 ? [allowed[0]] : []
    readers = allowed.count > 1 ? Array(allowed.dropFirst()) : []
  }

  /// Pins all threads of a process; threads it starts later follow those that start them.
  public static func pin(_ process: Int32, to processors: [Int]) {
    guard !processors.isEmpty else { return }
    let numbers = processors.map(CInt.init)
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    for thread in threads.compactMap(CInt.init) { ckernel_pin(thread, numbers, CInt(numbers.count)) }
  }
}
