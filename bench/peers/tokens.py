"""What the Python servers have in common: the tokens, the schedule, and an end with their parent's."""

import asyncio
import os
import sys
import threading
import time


def arguments():
    """The port, the payloads (one token's JSON a line) and the seconds between two tokens."""
    port, path, gap = sys.argv[1:4]
    with open(path, encoding="utf-8", newline="\n") as lines:
        payloads = lines.read().split("\n")[:-1]
    return int(port), payloads, int(gap) / 1e9


def instant_of(start, gap, index):
    """A token's instant, in seconds of `time.monotonic`; `start` is the first one's, in nanoseconds of the same."""
    return int(start) / 1e9 + index * gap


def sleep_until(instant):
    """Sleeps on until it has come: some sleeps end early."""
    while (left := instant - time.monotonic()) > 0:
        time.sleep(left)


async def sleep_until_in_loop(instant):
    """The same in an event loop, whose timers have whole milliseconds and count from when it last woke."""
    while (left := instant - time.monotonic()) > 0:
        await asyncio.sleep(max(left, 0.001))


def end_with_parent():
    """Has this process end when its standard input does."""

    def wait():
        # Not through Python's own buffer, whose lock a forked worker would inherit.
        while os.read(0, 1):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
