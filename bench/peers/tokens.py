"""What both Python servers have in common: the tokens, the schedule, and an end with their parent's."""

import os
import sys
import threading
import time


def arguments():
    """The port, the payloads (one token's JSON a line) and the seconds between two tokens."""
    port, path, gap = sys.argv[1:4]
    with open(path, encoding="utf-8", newline="\n") as lines:
        payloads = lines.read().split("\n")[:-1]
    threading.Thread(target=end_with_parent, daemon=True).start()
    return int(port), payloads, int(gap) / 1e9


def seconds_until(start, gap, index):
    """Until a token's instant; `start` is the first one's, in nanoseconds of CLOCK_MONOTONIC."""
    return max(0, int(start) / 1e9 + index * gap - time.monotonic())


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)
