"""Generated connections against the server, judged by what h11 reads in them.

`PUSHLAB_SEED` repeats a run, and `PUSHLAB_CONNECTION` one of its connections; `PUSHLAB_CONNECTIONS` says how many.
"""

import asyncio
import json
import os
import time
import urllib.request

import asynchronous
import pytest
from connections import draw
from judge import Trouble, judge
from pushlab import PUSHLAB, started
from routes import TOKENS, routes

SEED = int(os.environ["PUSHLAB_SEED"])
COUNT = int(os.environ.get("PUSHLAB_CONNECTIONS") or 10_000)
ONE = os.environ.get("PUSHLAB_CONNECTION")
AT_A_TIME = 32
# Of connections that went wrong; behind them nothing new is learnt.
ENOUGH = 20


@pytest.fixture
def server():
    # What is asked for once is there to the end.
    options = ["--retention", "3600", "--max-streams", "1000000"]
    with started([PUSHLAB, "serve", "--port", "0", *options]) as served:
        yield served


def start_stream(server):
    question = {"prompt": "oracle", "tokens": TOKENS, "rate": 5000, "think": 0}
    request = urllib.request.Request(f"{server}/streams", json.dumps(question).encode())
    with urllib.request.urlopen(request, timeout=20) as reply:
        return json.load(reply)["stream"]


def wait_until(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what()
        time.sleep(0.05)


def sockets(server):
    """How many it has; the one that listens is among them."""
    return sum(name.startswith("socket:") for name in server.descriptors.values())


async def hold(numbers, port, stream, stopped):
    """The troubles of these connections, in words."""
    known = routes(stream, stopped)
    troubles = []
    left = iter(numbers)

    async def work():
        for number in left:
            if len(troubles) >= ENOUGH:
                return
            plan = draw(SEED, number, stream, stopped)
            try:
                await judge(plan, port, known)
            except Trouble as trouble:
                troubles.append(f"PUSHLAB_SEED={SEED} PUSHLAB_CONNECTION={number}: {trouble}\n  {plan}")

    await asyncio.gather(*(work() for _ in range(AT_A_TIME)))
    return troubles


@pytest.mark.timeout(3600)
def test_every_connection_is_answered_as_the_witness_reads_it(server):
    stream, stopped = start_stream(server), start_stream(server)
    # What a server opens once, such as a timer, is there behind these.
    asynchronous.run(hold(range(-200, 0), server.port, stream, stopped))
    wait_until(lambda: f"sockets are left: {server.descriptors}", lambda: sockets(server) == 1)
    descriptors = server.descriptors
    numbers = [int(ONE)] if ONE else range(COUNT)
    troubles = asynchronous.run(hold(numbers, server.port, stream, stopped))
    assert not troubles, f"PUSHLAB_SEED={SEED}: {len(troubles)} or more connections\n" + "\n".join(troubles)
    # Nothing of them is left: no descriptor, nothing that goes on, nothing that holds the server up when it is to end.
    wait_until(
        lambda: f"{server.descriptors} instead of {descriptors}",
        lambda: len(server.descriptors) == len(descriptors) and sockets(server) == 1,
    )
    before = server.processor_seconds
    time.sleep(2)
    assert server.processor_seconds - before < 0.02 * 2
    assert server.stop() == 0
