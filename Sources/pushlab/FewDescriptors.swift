import ArgumentParser
import OpenDescriptors

/// What a command that reads streams asks for before it begins: files, timers and processes of its own take descriptors
/// too, and some of what it is made of ends it where they cannot be opened.
enum FewDescriptors {
  /// - Throws: `ValidationError`, with what to do.
  static func refuse() throws {
    let count = Descriptors.raiseLimit(to: Descriptors.fewest)
    guard count < Descriptors.fewest else { return }
    throw ValidationError(
      "a limit of \(count) open files is too low to read streams: raise it, for example with 'ulimit -n 4096'"
    )
  }
}
