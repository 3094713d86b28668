import Foundation
import Machine

extension ChildProcess {
  /// Who does the work where a process has a child, that perhaps one of its own, and none has two: the last of them;
  /// the process itself where it has none.
  var worker: Int32 {
    var last = processIdentifier
    while let child = Self.child(of: last) { last = child }
    return last
  }

  private static func child(of parent: Int32) -> Int32? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.first { process in
      let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      // Behind the name, which may hold anything: the state, then the parent.
      let fields = status?.split(separator: ")").last?.split(separator: " ") ?? []
      return fields.count > 1 && Int32(fields[1]) == parent
    }
  }
}
