"""What both sides do: the same questions, readers and trials, on the same processors."""

import json
import os

TRANSPORTS = ["short-polling", "long-polling", "server-sent-events", "http-streaming", "websocket"]
READERS = 6
# As many trials as an interval takes at least.
TRIALS = 6
STREAM = {"prompt": "Who else was there?", "tokens": 55, "rate": 50.0, "jitter": 0.3, "think": 0.05}
# Seconds between two short polls of a reader.
POLL_INTERVAL = 0.1
# By the lab's names.
QUANTITIES = ["delay_p50_ms", "bytes_down_per_token", "bytes_up_per_token", "requests_per_token"]

EXPERIMENT = f"""
title: An outsider's
question: Does a reader that shares no line with the lab see what the lab says?
prediction: It does.
stream: {json.dumps(STREAM)}
readers: {READERS}
transports:
  - {{transport: short-polling, interval: {POLL_INTERVAL}}}
  - transport: long-polling
  - transport: server-sent-events
  - transport: http-streaming
  - transport: websocket
metrics: {json.dumps(QUANTITIES)}
trials: {TRIALS}
"""


def question(seed):
    """The body of `POST /streams`, to the byte as the lab's readers write it."""
    return json.dumps(
        {"prompt": STREAM["prompt"], "seed": seed}
        | {name: STREAM[name] for name in ("tokens", "rate", "jitter", "think")}
        | {"burst": 1, "size": 1},
        separators=(",", ":"),
    )


def pinned(command, is_server):
    """The command as it runs on the lab's own processors: the first for the server, the others for readers."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) < 2:
        return command
    chosen = processors[:1] if is_server else processors[1:]
    return ["taskset", "--cpu-list", ",".join(map(str, chosen)), *command]
