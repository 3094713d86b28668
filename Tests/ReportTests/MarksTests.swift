import Experiments
import Foundation
import Testing

@testable import Report

@Suite struct MarksTests {
  @Test func `transports have the browser demo's colours`() throws {
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let sheet = try String(contentsOf: project.appendingPathComponent("static/lab.css"), encoding: .utf8)
    // The first of its rules is for a light ground, as the report's is.
    let light = try #require(sheet.split(separator: "@media").first)
    #expect(Marks.colours.count == 4)
    for (transport, colour) in Marks.colours {
      #expect(light.contains("--\(transport): \(colour);"), "\(transport)")
    }
    #expect(light.contains("--intended: \(Marks.intended.colour);"))
    #expect(light.contains("--ink: \(Marks.ink);"))
  }

  @Test func `variants of a transport are shades of its colour, in the table's order`() throws {
    var plan = try Sample.result().plan
    let names = ["poll 1 s", "poll 2 s", "poll 3 s"]
    for (place, name) in names.enumerated() {
      plan.entries[place].variant = name
      plan.entries[place].transport = "short-polling"
    }
    let marks = Marks(plan)
    #expect(marks.variants == names)
    // Half of #9a5300, itself, and three tenths of the way to white.
    #expect(names.map { marks[$0].colour } == ["#4d2a00", "#9a5300", "#b8874d"])
  }

  @Test func `lines that lie on one another differ in dash and shape`() throws {
    let marks = try Marks(Sample.result().plan)
    #expect(marks.variants == Sample.names)
    #expect(Sample.names.map { marks[$0].colour } == ["#9a5300", "#006b4a", "#005f99"])
    #expect(Set(Sample.names.map { marks[$0].dash }).count == 3)
    #expect(Set(Sample.names.map { marks[$0].shape }).count == 3)
  }
}
