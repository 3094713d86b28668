import Foundation
import Machine
import Results

/// The checkout that the command belongs to, with its experiments, its page and its `.venv`.
///
/// Never one of the folders above the current one: whose they are is not known, and what lies in this one is run
/// and published.
struct ProjectFolder {
  let path: String

  /// Names the folder where the command lies outside of it.
  static let variable = "PUSHLAB_PROJECT"

  /// Said by `--help`.
  static let help = """
    Experiments, the page and .venv come from the checkout that this command was built in. If it was copied \
    elsewhere, set the environment variable \(variable) to the checkout's folder.
    """

  /// - Parameters:
  ///   - executable: the command's own file, symbolic links resolved.
  ///   - environment: the process's variables.
  /// - Throws: `ExperimentError` that says how to name the folder.
  init(
    executable: String = Self.executable,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(ExperimentError) {
    if let named = environment[Self.variable] {
      guard Self.isCheckout(named) else {
        throw ExperimentError(
          "\(Self.variable) is '\(named)', which is no checkout of pushlab: give its folder")
      }
      path = URL(fileURLWithPath: named, isDirectory: true).standardizedFileURL.path
      return
    }
    var folder = URL(fileURLWithPath: executable)
    // `.build`, or another scratch folder beside it, such as a sanitizer's.
    while folder.path != "/", !folder.lastPathComponent.hasPrefix(".build") {
      folder.deleteLastPathComponent()
    }
    path = folder.deletingLastPathComponent().path
    guard folder.path != "/", Self.isCheckout(path) else {
      throw ExperimentError(
        "'\(executable)' lies outside its checkout, so it has no experiments, no page and no .venv: "
          + "set \(Self.variable) to the checkout's folder")
    }
  }

  /// A file or folder of it.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The page's folder; nil, which is said on standard error, where the command lies outside its checkout.
  static var page: String? {
    do throws(ExperimentError) {
      return try ProjectFolder().file("static")
    } catch {
      StandardError.write("pushlab: served without the page: \(error.description)\n")
      return nil
    }
  }

  private static var executable: String {
    // "(deleted)" stands behind the name of one that was built anew meanwhile, in the same folder.
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
  }

  private static func isCheckout(_ folder: String) -> Bool {
    ["Package.swift", "Sources/pushlab"].allSatisfy {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
  }
}
