import Foundation
import Machine

/// The JavaScript that draws the plots, taken from `vl-convert`, which carries it whole: the page then needs
/// no network.
public struct PlotLibrary: Sendable {
  /// To be put into a script element.
  public let javaScript: String

  /// How to get it.
  public static let advice = "for plots, run 'make plots', which installs vl-convert-python into .venv"

  /// Looks for a Python that has `vl-convert`: the project's own environment first, then the system's.
  /// - Parameter projectFolder: where `.venv` lies.
  /// - Returns: nil where none has it.
  public static func find(projectFolder: String?) -> PlotLibrary? {
    let own = projectFolder.map { $0 + "/.venv/bin/python" }
    for python in [own, "/usr/bin/python3", "/usr/local/bin/python3"].compactMap(\.self) {
      if let text = output(of: python, "import vl_convert; print(vl_convert.javascript_bundle())") {
        // Nothing inside may end the script element.
        return PlotLibrary(javaScript: text.replacing("</script", with: "<\\/script"))
      }
    }
    return nil
  }

  private static func output(of python: String, _ program: String) -> String? {
    guard FileManager.default.isExecutableFile(atPath: python) else { return nil }
    // Isolated: without -I Python would run modules that lie in the current folder.
    guard let process = try? ChildProcess(python, ["-I", "-c", program], errors: .nothing) else { return nil }
    let data = process.output.readDataToEndOfFile()
    return process.wait() == .exited(status: 0) ? String(decoding: data, as: UTF8.self) : nil
  }
}
