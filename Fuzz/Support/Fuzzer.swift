import Glibc

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Fuzzer.check(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// libFuzzer's entry for programs that have a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

public enum Fuzzer {
  // Set once, before libFuzzer starts; it calls from one thread.
  nonisolated(unsafe) fileprivate static var check: ([UInt8]) -> Void = { _ in }

  /// Calls the check with inputs for as long as the command line says. What it traps on is a finding.
  public static func run(_ check: @escaping ([UInt8]) -> Void) -> Never {
    self.check = check
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(runDriver(&count, &arguments, testOneInput))
  }
}

extension Fuzzer {
  /// Calls the check with inputs whose bytes may come in any pieces: with the bytes, and with what one reads that is fed
  /// with all of them. Another reading of the same bytes, cut, is a finding.
  public static func runCut<Reading: Equatable>(
    reading: @escaping ([ArraySlice<UInt8>]) -> Reading, _ check: @escaping ([UInt8], Reading) -> Void
  ) -> Never {
    run { input in
      // The first byte says where to cut.
      let bytes = Array(input.dropFirst())
      let cut = bytes.isEmpty ? 0 : Int(input[0]) % bytes.count
      let whole = reading([bytes[...]])
      require(reading([bytes[..<cut], [], bytes[cut...]]) == whole, "cut before \(cut) it reads otherwise")
      require(reading(bytes.map { [$0] }) == whole, "byte by byte it reads otherwise")
      check(bytes, whole)
    }
  }
}

/// Ends the run with a finding where a property does not hold.
public func require(_ holds: Bool, _ property: @autoclosure () -> String, line: UInt = #line) {
  guard !holds else { return }
  fatalError("line \(line): \(property())")
}

/// What people are told of a mistake is one line that says something.
public func requireOneLine(_ text: String, line: UInt = #line) {
  require(!text.isEmpty, "an empty message", line: line)
  let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  require(lines.count == 1, "a message of several lines: \(lines)", line: line)
}
