/// Experiment files that are right, for tests to read or to spoil.
enum ExampleFiles {
  static let whole = """
    title: The typewriter
    question: How long does a token take?
    prediction: >
      Short polling delays tokens
      by half its interval.
    stream:
      prompt: Why is the sky blue?
      tokens: 48
      rate: 40
      jitter: 0.5
      think: 0.2
      burst: 2
    readers: 8
    transports:
      - transport: short-polling
        name: poll 100 ms
        interval: 0.1
      - transport: long-polling
        wait: 10
      - transport: websocket
    trials: 7
    seed: 3
    metrics: [delay_p50_ms, requests_per_token]
    """

  static let least = """
    title: T
    question: Q
    prediction: P
    stream:
      prompt: Why?
    transports:
      - transport: websocket
    metrics: [delay_p50_ms]
    """

  /// One with everything that can go wrong for readers, or that they do.
  static let troubled = """
    title: T
    question: Q
    prediction: P
    stream:
      prompt: Why?
      tokens: 40
      stop: 30
    conditions:
      - {name: calm}
      - {name: reset, fault: reset}
      - {name: killed, fault: restart, stop: 10}
      - {name: crowded, stalled: 100, baseline: calm, readers: 7}
    serve: {stall-time: 7, max-streams: 50}
    transports:
      - {transport: websocket, name: a, recover: resume, silence: 2}
      - {transport: websocket, name: b, recover: naive, stop: delete}
      - {transport: server-sent-events, name: c, recover: resume}
      - {transport: long-polling, name: d}
    metrics: [outage_p50_ms]
    """
}
