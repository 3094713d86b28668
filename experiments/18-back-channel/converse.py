"""Conversations of many short turns, in each way that a client has, over one link: how long each takes."""

import asyncio
import datetime
import importlib.metadata
import json
import platform
import random
import ssl
import statistics
import sys
import time
from pathlib import Path

import asynchronous
import httpx
import websockets
from observed import keep, versions_and_date, with_marks_filled
from pushlab import PROJECT, serving

FOLDER = Path(__file__).resolve().parent
LINK = "transatlantic"
TURNS = [1, 3, 10, 30]
REPETITIONS = 6
SEED = 18
# A short answer: what is thought about it, and its tokens. No more than a new connection may send at once: ten segments (RFC 6928).
TOKENS, RATE, THINK = 5, 200, 0.05
# Made once: httpx reads the system's certificates for each client, also where nothing is encrypted.
ENCRYPTION = ssl.create_default_context()
# What asyncio itself would forget.
LEAVING = set()


def client():
    return httpx.AsyncClient(headers={"Accept": "application/x-ndjson"}, verify=ENCRYPTION)


def question(turn):
    return {"prompt": f"And then? {turn}", "tokens": TOKENS, "rate": RATE, "think": THINK, "jitter": 0}


async def read_lines(client, address, turn):
    async with client.stream("POST", f"{address}/chat-stream", json=question(turn)) as answer:
        lines = [json.loads(line) async for line in answer.aiter_lines() if line.strip()]
    assert answer.status_code == 200 and lines[-1]["done"]["tokens"] == TOKENS, lines


async def on_a_kept_connection(address, turns):
    async with client() as kept:
        for turn in range(turns):
            await read_lines(kept, address, turn)


async def on_new_connections(address, turns):
    for turn in range(turns):
        async with client() as kept:
            await read_lines(kept, address, turn)


async def ask(socket, turn):
    await socket.send(json.dumps(question(turn)))
    while "done" not in (message := json.loads(await socket.recv())):
        assert "error" not in message, message
    assert message["done"]["tokens"] == TOKENS, message


async def on_one_socket(address, turns):
    socket = await websockets.connect(f"ws{address[4:]}/chat-socket?turns=many", compression=None)
    for turn in range(turns):
        await ask(socket, turn)
    leave(socket)


async def on_new_sockets(address, turns):
    for turn in range(turns):
        socket = await websockets.connect(f"ws{address[4:]}/chat-socket", compression=None)
        await ask(socket, turn)
        leave(socket)


def leave(socket):
    """Nobody waits for the closing handshake."""
    closing = asyncio.ensure_future(socket.close())
    LEAVING.add(closing)
    closing.add_done_callback(LEAVING.discard)


WAYS = {
    "POST, kept connection": on_a_kept_connection,
    "POST, new connections": on_new_connections,
    "one WebSocket": on_one_socket,
    "new WebSockets": on_new_sockets,
}


async def seconds(way, address, turns):
    """From the first step to the last token."""
    started = time.perf_counter()
    await WAYS[way](address, turns)
    return time.perf_counter() - started


def converse(address, turns, repetitions):
    """By number of turns and by way, how many milliseconds each conversation took; in an order that is drawn."""
    took = {str(count): {way: [] for way in WAYS} for count in turns}
    order = [(count, way) for count in turns for way in WAYS] * repetitions
    random.Random(SEED).shuffle(order)
    for count, way in order:
        took[str(count)][way].append(round(asynchronous.run(seconds(way, address, count)) * 1e3, 1))
    return took


def table(observed):
    """Medians in seconds, and in parentheses the least and the greatest; of it, the answers' own time is in the last column."""
    lines = ["| turns | " + " | ".join(WAYS) + " | the answers alone |", "|---|" + "---|" * (len(WAYS) + 1)]
    for turns, ways in observed["milliseconds"].items():
        cells = [
            f"{statistics.median(times) / 1e3:.2f} ({min(times) / 1e3:.2f} to {max(times) / 1e3:.2f})"
            for times in ways.values()
        ]
        answers = int(turns) * (THINK + (TOKENS - 1) / RATE)
        lines.append("| " + " | ".join([turns, *cells, f"{answers:.2f}"]) + " |")
    return "\n" + "\n".join(lines) + "\n"


def words(observed, term):
    """Of `made`, `conversations`, or `N WAY`: the median of so many turns in seconds."""
    if term == "made":
        return versions_and_date(observed)
    if term == "conversations":
        return table(observed)
    turns, _, way = term.partition(" ")
    return f"{statistics.median(observed['milliseconds'][turns][way]) / 1e3:.2f}"


def filled(text, observed):
    """The page's text with every mark filled."""
    return with_marks_filled(text, lambda term: words(observed, term))


def main():
    with serving("--network", LINK) as address:
        # Who comes first finds nothing warm.
        converse(address, [1], 1)
        took = converse(address, TURNS, REPETITIONS)
    observed = {
        "command": "make conversations",
        "date": datetime.date.today().isoformat(),
        "revision": (PROJECT / ".build" / "release" / "pushlab.revision").read_text().split()[0],
        "versions": {name: importlib.metadata.version(name) for name in ("httpx", "websockets")},
        "machine": f"Python {platform.python_version()}, Linux {platform.release()}",
        "link": LINK,
        "seed": SEED,
        "milliseconds": took,
    }
    keep(observed, FOLDER, filled, "conversations.json")


if __name__ == "__main__":
    sys.exit(main())
