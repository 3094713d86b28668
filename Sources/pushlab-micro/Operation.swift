/// One of the small things that the lab does again and again.
struct Operation {
  /// How it is asked for; words with hyphens.
  let name: String
  /// What is done once, for people.
  let title: String
  /// Whether the time it takes says what it costs.
  var isTimed = true
  /// Makes what it works on, and returns what does it so many times.
  let prepare: () throws -> (_ count: Int) throws -> Void

  static var all: [Operation] { framing + parsing + log + dueQueue + serving }
}

/// Takes a value, so that no compiler finds its making useless.
@inline(never) func keep<Value>(_ value: Value) {
  withExtendedLifetime(value) {}
}
