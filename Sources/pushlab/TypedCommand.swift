/// What was typed, for the record of what it made.
enum TypedCommand {
  /// - Parameter arguments: as a shell gave them, without the command's own name.
  static func text(_ arguments: some Sequence<String>) -> String {
    (["pushlab"] + arguments.map(quoted)).joined(separator: " ")
  }

  /// As a shell would need it.
  private static func quoted(_ argument: String) -> String {
    let plain = argument.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:".contains($0) }
    return plain && !argument.isEmpty ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
  }
}
