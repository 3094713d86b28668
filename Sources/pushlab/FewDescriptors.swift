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
      "\(count) open files are too few to read streams with: allow more, such as with 'ulimit -n 4096'")
  }
}
