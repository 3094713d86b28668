import Experiments
import Testing

@testable import Results

@Suite struct ExperimentFileMistakeTests {
  private let whole = ExampleFiles.whole
  private let least = ExampleFiles.least

  private func mistake(_ yaml: String) -> String? {
    let error = #expect(throws: ExperimentError.self) {
      try Experiment(name: "01-x", yaml: yaml, file: "x.yml")
    }
    return error?.description
  }

  /// The mistake once this line of the whole file reads otherwise; the line has to occur.
  private func mistake(_ line: String, _ replacement: String) throws -> String? {
    try #require(whole.contains(line))
    return mistake(whole.replacing(line, with: replacement, maxReplacements: 1))
  }

  @Test func `a misspelt key is named with its line`() throws {
    #expect(
      try mistake("readers: 8", "reader: 8")
        == "x.yml:13: 'reader' is not a key of the file (did you mean readers?); its keys are "
        + "title, question, prediction, stream, conditions, readers, transports, baseline, metrics, goodput, "
        + "runs, trials, seed, serve, scale, memory")
    #expect(
      try mistake("jitter: 0.5", "jiter: 0.5")
        == "x.yml:10: 'jiter' is not a key of 'stream' (did you mean jitter?); its keys are "
        + "prompt, tokens, size, rate, jitter, think, burst, trace, stalled, fault, stop, network, via, hints, "
        + "batch, heartbeat, nagle"
    )
    #expect(
      try mistake("interval: 0.1", "intervall: 0.1")
        == "x.yml:17: 'intervall' is not a key of an entry of 'transports' "
        + "(did you mean interval?); its keys are transport, name, interval, wait, baseline, recover, silence, stop, ask, heads, ids, messages, "
        + "over, readers-per-connection, coding"
    )
  }

  @Test(arguments: [
    ("title: The typewriter\n", "the file lacks 'title'"),
    ("question: How long does a token take?\n", "the file lacks 'question'"),
    ("  prompt: Why is the sky blue?\n", "'stream' lacks 'prompt'"),
  ])
  func `a missing key is named with its section`(_ line: String, _ text: String) throws {
    let message = try #require(try mistake(line, ""))
    #expect(message.hasPrefix("x.yml:"))
    #expect(message.hasSuffix(": \(text)"))
  }

  @Test func `missing sections are named`() {
    #expect(mistake("title: T\nquestion: Q\nprediction: P\n") == "x.yml:1: the file lacks 'stream'")
    #expect(
      mistake("title: T\nquestion: Q\nprediction: P\nstream: {prompt: x}\n")
        == "x.yml:1: the file lacks 'transports'")
    #expect(
      mistake(least.replacing("- transport: websocket", with: "- name: w"))
        == "x.yml:7: an entry of 'transports' lacks 'transport'")
  }

  @Test(arguments: [
    ("tokens: 48", "tokens: many", 8, "'tokens' takes a whole number from 1 to 100000"),
    ("tokens: 48", "tokens: 0", 8, "'tokens' takes a whole number from 1 to 100000"),
    ("tokens: 48", "tokens: 100001", 8, "'tokens' takes a whole number from 1 to 100000"),
    ("tokens: 48", "tokens: 4.5", 8, "'tokens' takes a whole number from 1 to 100000"),
    ("rate: 40", "rate: 0", 9, "'rate' takes a number from 0.01 to 100000.0"),
    ("rate: 40", "rate: .nan", 9, "'rate' takes a number from 0.01 to 100000.0"),
    ("jitter: 0.5", "jitter: 11", 10, "'jitter' takes a number from 0.0 to 10.0"),
    ("think: 0.2", "think: [1]", 11, "'think' takes a number from 0.0 to 3600.0"),
    ("burst: 2", "burst: 1001", 12, "'burst' takes a whole number from 1 to 1000"),
    ("readers: 8", "readers: 0", 13, "'readers' takes a whole number from 1 to 100000"),
    ("interval: 0.1", "interval: 0", 17, "'interval' takes a number from 0.001 to 3600.0"),
    ("wait: 10", "wait: 121", 19, "'wait' takes a number from 0.0 to 120.0"),
    ("trials: 7", "trials: 0", 21, "'trials' takes a whole number from 1 to 10000"),
    ("seed: 3", "seed: -1", 22, "'seed' takes a whole number from 0 to 1000000000"),
    ("title: The typewriter", "title: [a]", 1, "'title' takes a text"),
    ("title: The typewriter", "title:", 1, "'title' takes a text"),
    ("title: The typewriter", "title: '  '", 1, "'title' takes a text"),
  ])
  func `a wrong value is named with its line`(
    _ line: String, _ replacement: String, _ number: Int, _ text: String
  ) throws {
    #expect(try mistake(line, replacement) == "x.yml:\(number): \(text)")
  }

  @Test(arguments: [
    (
      "fault: reset", "fault: flood", 10,
      "'flood' is not a fault; the faults are reset, half-close, cut-in-token, stall, refuse, restart"
    ),
    ("stop: 10", "stop: 41", 11, "'stop' takes a whole number from 1 to 40"),
    (
      "stop: 10", "tokens: 20", 11,
      "'tokens' is less than the 30 of 'stop' above: give it a 'stop' of its own"
    ),
    ("readers: 7", "readers: 0", 12, "'readers' takes a whole number from 1 to 100000"),
    (
      "baseline: calm", "baseline: storm", 12,
      "'baseline' is 'storm', but no entry of 'conditions' has that name"
    ),
    ("stalled: 100", "stalled: 10001", 12, "'stalled' takes a whole number from 0 to 10000"),
    (
      "max-streams: 50", "[max-streams]: 50", 13,
      "'serve' takes limits and times of 'pushlab serve', such as 'stall-time: 6'"
    ),
    ("silence: 2", "wait: 2", 15, "'wait' applies to long-polling only"),
    ("name: d", "name: d, interval: 2", 18, "'interval' applies to short-polling only"),
    ("recover: naive", "recover: naive, silence: 3", 16, "'silence' applies to 'recover: resume' only"),
    (
      "[outage_p50_ms]", "[goodput_share]", 19,
      "goodput_share needs 'goodput', which says what a good stream keeps"
    ),
    (
      "stall-time: 7", "stall-time: soon", 13,
      "'serve' takes limits and times of 'pushlab serve', such as 'stall-time: 6'"
    ),
    ("silence: 2", "silence: 0", 15, "'silence' takes a number from 0.01 to 3600.0"),
    ("recover: naive", "recover: hope", 16, "'recover' takes resume or naive, not 'hope'"),
    ("stop: delete", "stop: close", 16, "'stop' takes delete or message here, not 'close'"),
    ("name: d", "name: d, stop: message", 18, "'stop' takes delete here, not 'message'"),
  ])
  func `trouble that makes no sense is named with its line`(
    _ words: String, _ replacement: String, _ number: Int, _ text: String
  ) throws {
    let troubled = ExampleFiles.troubled
    try #require(troubled.contains(words))
    #expect(mistake(troubled.replacing(words, with: replacement)) == "x.yml:\(number): \(text)")
  }

  @Test func `an unknown transport is named`() throws {
    #expect(
      try mistake("transport: websocket", "transport: websockets")
        == "x.yml:20: 'websockets' is not a transport (did you mean websocket?); the transports are "
        + "short-polling, long-polling, server-sent-events, http-streaming, websocket")
  }

  @Test func `two entries of one name are refused`() throws {
    #expect(
      try mistake("transport: websocket", "transport: long-polling")
        == "x.yml:15: two entries of 'transports' are called 'long-polling': give one of them another 'name'")
  }

  @Test func `two entries that come out under one name are refused`() {
    let yaml = """
      title: T
      question: Q
      prediction: P
      stream: {prompt: x}
      conditions: [{name: b}, {name: "b, b"}]
      transports: [{transport: websocket, name: a}, {transport: websocket, name: "a, b"}]
      """
    #expect(
      mistake(yaml)
        == "x.yml:5: two pairs of an entry and a condition would be called 'a, b, b': "
        + "rename one of 'conditions'")
  }

  @Test func `a name has one line`() throws {
    let name = try mistake("name: poll 100 ms", #"name: "poll\n100 ms""#)
    #expect(name == "x.yml:16: 'name' takes a text of one line")
    let conditions = whole + "\nconditions: [{name: \"a\\tb\"}]"
    #expect(mistake(conditions) == "x.yml:24: 'name' takes a text of one line")
  }

  @Test(arguments: ["\"a\\nb\": 1", "title: a\u{b}b", "\"\\u2028\": 1"])
  func `a mistake is told in one line`(_ yaml: String) throws {
    let message = try #require(mistake(yaml))
    let lines = message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    #expect(lines.count == 1)
  }

  @Test(arguments: ["transports: []", "transports: websocket", "transports:"])
  func `transports are a list with an entry`(_ transports: String) {
    #expect(
      mistake("title: T\nquestion: Q\nprediction: P\nstream: {prompt: x}\n\(transports)")
        == "x.yml:5: 'transports' takes a list with at least one entry")
  }

  @Test func `a section that is none`() throws {
    #expect(mistake("just a text") == "x.yml:1: the file takes keys and values")
    #expect(mistake("- a\n- b") == "x.yml:1: the file takes keys and values")
    #expect(
      mistake(least.replacing("stream:\n  prompt: Why?", with: "stream: 5"))
        == "x.yml:4: 'stream' takes keys and values")
    #expect(
      mistake(least.replacing("- transport: websocket", with: "- websocket"))
        == "x.yml:7: an entry of 'transports' takes keys and values")
  }

  @Test(arguments: [
    ("title: [", 1), ("title: T\n\tquestion: Q", 2), ("a: b: c", 1), ("title: T\nquestion: 'Q", 2),
    ("title: T\n---\ntitle: T", 2), ("title: *none", 1), ("title: T\n\u{1}", 2),
  ])
  func `what is not YAML is named with its line`(_ yaml: String, _ line: Int) throws {
    let message = try #require(mistake(yaml))
    #expect(message.hasPrefix("x.yml:\(line): this is not YAML: "))
    #expect(!message.contains("\n"))
  }

  @Test(arguments: [
    ("title: T\ntitle: U", 1, "title"), ("title: T\nstream: {rate: 1, 'rate': 2}", 2, "rate"),
    ("title: T\nserve: {max-lag: 1, max-lag: 1}", 2, "max-lag"),
  ])
  func `a key that is given twice is named`(_ yaml: String, _ line: Int, _ key: String) {
    #expect(mistake(yaml) == "x.yml:\(line): '\(key)' is given twice: remove one of them")
  }

  @Test func `a prompt that no server takes is told with its line`() throws {
    let long = String(repeating: "é", count: 40_000)
    #expect(
      try mistake("prompt: Why is the sky blue?", "prompt: \(long)")
        == "x.yml:7: 'prompt' takes a text of at most 65536 bytes")
  }

  @Test(arguments: ["", "\n\n", "# nothing yet\n"])
  func `an empty file`(_ yaml: String) {
    #expect(mistake(yaml) == "x.yml:1: the file is empty")
  }
}
