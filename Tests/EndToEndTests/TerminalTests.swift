import Answers
import Foundation
import LabClient
import NIOCore
import PlainText
import Readings
import Testing
import Wire

/// `pushlab watch` with a server whose tokens hold what a terminal obeys.
@Suite struct TerminalTests {
  /// Each token's blank becomes what stands here, of the same length in bytes with the letter behind it.
  private func watch(
    _ controls: [UInt8], asked: [String] = [], through shell: (String) -> [String]
  ) async throws -> Command.Outcome {
    var outcome: Command.Outcome?
    try await withLab { lab in
      let server = ServerAddress(host: "127.0.0.1", port: lab.port)
      let relay = try await Relay(to: server, change: { { Self.put(controls, into: &$0) } })
      let command =
        [
          try Command.pushlab, "watch", "--port", "\(relay.address.port)", "--tokens", "12", "--rate", "200",
          "--think",
          "0",
        ] + asked + ["hello"]
      let words = shell(command.map { "'\($0)'" }.joined(separator: " "))
      outcome = try await Command.run(words[0], Array(words.dropFirst()))
      try await relay.stop()
    }
    return try #require(outcome)
  }

  private static func put(_ controls: [UInt8], into bytes: inout ByteBuffer) {
    let mark = Array(#""token":" "#.utf8)
    var all = Array(bytes.readableBytesView)
    for place in all.indices where all[place...].starts(with: mark) {
      let start = place + mark.count - 1
      guard all[start...].count >= controls.count,
        !all[start..<(start + controls.count)].contains(UInt8(ascii: "\""))
      else { continue }
      all.replaceSubrange(start..<(start + controls.count), with: controls)
    }
    bytes.clear()
    bytes.writeBytes(all)
  }

  /// DEL; CSI of C1; an override of the direction; a line separator.
  static let controls: [[UInt8]] = [[0x7f], [0xc2, 0x9b], [0xe2, 0x80, 0xae], [0xe2, 0x80, 0xa8]]

  /// The shell's `script` (bsdutils, which every Debian has) gives the command a terminal.
  private static let onTerminal: @Sendable (String) -> [String] = { ["script", "-qec", $0, "/dev/null"] }

  @Test(arguments: controls, ["server-sent-events", "websocket"])
  func `no token steers a terminal`(_ controls: [UInt8], _ transport: String) async throws {
    let outcome = try await watch(controls, asked: ["--transport", transport], through: Self.onTerminal)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix(Array(Script(Question(prompt: "hello", tokenCount: 12)))[0]))
    #expect(outcome.output.hasSuffix("\r\n"))
    let text = outcome.output.unicodeScalars.filter { $0 != "\r" && $0 != "\n" }
    let isHarmless = text.allSatisfy(\.isHarmless)
    #expect(isHarmless)
    #expect(text.contains(" "))
  }

  @Test(arguments: controls)
  func `a pipe gets the answer as it is`(_ controls: [UInt8]) async throws {
    let outcome = try await watch(controls) { ["/bin/sh", "-c", $0] }
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(String(decoding: controls, as: UTF8.self)))
  }

  @Test(arguments: controls)
  func `bytes that a terminal obeys are spelt out`(_ controls: [UInt8]) async throws {
    let outcome = try await watch(controls, asked: ["--wire"]) { ["/bin/sh", "-c", $0] }
    #expect(outcome.status == 0)
    let spelt = controls.map { "\\x" + String($0, radix: 16) }.joined()
    #expect(outcome.output.contains("\"token\":\"\(spelt)"))
    let isHarmless = outcome.output.unicodeScalars.allSatisfy { $0.isHarmless || $0 == "\n" }
    #expect(isHarmless)
  }

  @Test func `what was typed wrongly is repeated on one line`() async throws {
    for word in ["\u{1B}[2J\nlist", "wach\u{9B}", "\u{202E}tsil"] {
      let outcome = try await Command.run(Command.pushlab, [word])
      #expect(outcome.status == 2)
      #expect(outcome.errors.hasPrefix("pushlab: there is no command '"))
      #expect(outcome.errors.hasSuffix("('pushlab --help' shows how)\n"))
      let isHarmless = outcome.errors.dropLast().unicodeScalars.allSatisfy(\.isHarmless)
      #expect(isHarmless)
    }
  }
}
