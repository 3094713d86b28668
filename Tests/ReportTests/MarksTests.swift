import Experiments
import Foundation
import Testing

@testable import Report

@Suite struct MarksTests {
  @Test func `transports have the browser demo's colours`() throws {
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = project.appendingPathComponent("static")
    let sheet = try String(contentsOf: page.appendingPathComponent("lab.css"), encoding: .utf8)
    // The first of its rules is for a light ground, as the report's is, and so is the first of a transport's colours.
    let light = try #require(sheet.split(separator: "@media").first)
    let folder = page.appendingPathComponent("transports")
    var others = Marks.others[...]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let colour = Marks.colours[String(file.dropLast(".js".count))] ?? others.popFirst()
      let code = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      #expect(code.contains("colours: [\"\(colour ?? "none is left")\""), "\(file)")
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
