"""The readers of `reader/`, and what their trials come to: the lab's definitions, and none of its code."""

import json
import pathlib
import random
import statistics
import subprocess
import urllib.request

from plan import POLL_INTERVAL, QUANTITIES, READERS, STREAM, TRANSPORTS, TRIALS, pinned, question

SOURCES = pathlib.Path(__file__).with_name("reader")
NANOSECONDS = 1_000_000_000


def compiled(folder):
    """The program, made anew."""
    program = folder / "outsider"
    options = ["-O2", "-Wall", "-Wextra", "-Werror", "-pthread"]
    subprocess.run(["cc", *options, "-o", program, *sorted(SOURCES.glob("*.c"))], check=True, timeout=60)
    return program


class Outsider:
    """Readers that share nothing with the lab's, and a server of their own."""

    def __init__(self, program, server):
        self.program = program
        self.server = server

    def trials(self):
        """The values of all trials that count, by transport and quantity. The first warms up, as the lab's does."""
        values = {(transport, quantity): [] for transport in TRANSPORTS for quantity in QUANTITIES}
        for trial in range(-1, TRIALS):
            for transport in random.sample(TRANSPORTS, len(TRANSPORTS)):
                turn = measured(self.readings(transport, trial))
                for quantity, value in turn.items():
                    if trial >= 0:
                        values[transport, quantity].append(value)
        return values

    def readings(self, transport, trial):
        """What each reader saw of a stream of its own, with the instants of its tokens."""
        interval = int(POLL_INTERVAL * NANOSECONDS)
        readers = "".join(
            # A seed's digits are part of the question's bytes, so it is drawn from where the lab draws. Every other
            # reader asks on a connection that has carried a request.
            f"{random.randrange(interval)} {(number + trial) % 2} {question(random.getrandbits(53))}\n"
            for number in range(READERS)
        )
        spread = NANOSECONDS / STREAM["rate"] / READERS
        command = [self.program, str(self.server.port), transport, str(interval), str(int(spread))]
        done = subprocess.run(pinned(command, False), input=readers, capture_output=True, text=True, timeout=300)
        ended = self.server.process.poll()
        assert done.returncode == 0, f"{transport}: {done.stderr}, the server's exit code is {ended}"
        readings = [json.loads(line) for line in done.stdout.splitlines()]
        assert [len(reading["arrivals"]) for reading in readings] == [STREAM["tokens"]] * READERS, transport
        return [reading | {"instants": self.instants(reading["stream"])} for reading in readings]

    def instants(self, stream):
        """When each token was meant to come, as the server tells."""
        with urllib.request.urlopen(f"{self.server}/streams/{stream}/schedule", timeout=30) as reply:
            schedule = json.load(reply)
        return [schedule["started"] + offset for offset in schedule["offsets"]]


def measured(readings):
    """What a turn shows, by quantity: delays pooled over the readers, costs over all tokens."""
    tokens = sum(len(reading["arrivals"]) for reading in readings)
    delays = [
        (arrival - instant) / 1e6
        for reading in readings
        for arrival, instant in zip(reading["arrivals"], reading["instants"], strict=True)
    ]
    return {
        "delay_p50_ms": statistics.median(delays),
        "bytes_down_per_token": sum(reading["down"] for reading in readings) / tokens,
        "bytes_up_per_token": sum(reading["up"] for reading in readings) / tokens,
        "requests_per_token": sum(reading["requests"] for reading in readings) / tokens,
    }


def interval(values):
    """Where the median of what six values are drawn from lies: between the least and the greatest of them, unless all
    six lie on one side of it, which is as rare as a coin that falls six times on one side: 3.1 %."""
    assert len(values) == 6
    return min(values), max(values)
