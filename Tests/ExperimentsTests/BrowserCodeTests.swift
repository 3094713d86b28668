import Foundation
import LabClient
import Readings
import Testing

@testable import Experiments

@Suite struct BrowserCodeTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  private func lines(_ text: String) throws -> Int? {
    let transports = folder.appendingPathComponent("transports")
    try FileManager.default.createDirectory(at: transports, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.write(
      to: transports.appendingPathComponent("websocket.js"), atomically: true, encoding: .utf8)
    return BrowserCode(folder: folder.path).lines(of: Variant(transport: .webSocket))
  }

  @Test func `lines of code are counted, blank ones and comments are not`() throws {
    let text = """
      /** What it is.
       * And why.
       */
      import { a } from "./a.js";

        // Because.
        a(); // Here too.
      """
    #expect(try lines(text) == 2)
  }

  @Test func `where there is no such file there is no number`() {
    #expect(BrowserCode(folder: nil).lines(of: Variant(transport: .webSocket)) == nil)
    #expect(BrowserCode(folder: "/no/such").lines(of: Variant(transport: .webSocket)) == nil)
  }
}
