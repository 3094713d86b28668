"""Readers of a stream that is silent for long, made of clients that are not ours: how long each lives, and how it ends."""

import asyncio
import json
import re
import time

import httpx
import websockets
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

# How an address of the server ends, and whether tokens come before the silence.
WAYS = {
    "long poll": ("long-poll", False),
    "event stream": ("events", False),
    "lines": ("lines", False),
    "WebSocket": ("socket", False),
    "event stream, later": ("events", True),
    "lines, later": ("lines", True),
}
# How many come at once, before the silence and after it.
BURST = 4
TOKEN = "token"
HELD = "held"
# Seconds that a reader whose long poll was refused waits before it asks again.
PAUSE = 1
INDEX = re.compile(r'"index":(\d+)')


def client():
    """For all readers; each request has a connection of its own, and nobody but what stands between runs out of patience."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(timeout=None, trust_env=False, limits=limits)


async def life(client, server, address, way, silence, wait, lead):
    """Of one reader of one stream, asked for at the server itself, read at an address that leads to it.

    The stream is silent from its beginning, or for as long from `lead` seconds on, when its first tokens have come. How it
    `ended`, after how many `seconds` of the silence, and for how long at a time the reader heard nothing, `silent_seconds`.
    Of long polls this is the first one; `polls` were asked until the token was there, so many `seconds_to_token` after the
    first.
    """
    kind, is_later = WAYS[way]
    question = {"prompt": "Who cuts a silent stream?", "burst": BURST, "rate": BURST / silence, "jitter": 0}
    # Nothing comes after the token that is waited for: some pass a response on when it is over.
    question |= {"think": lead, "tokens": 2 * BURST} if is_later else {"think": silence, "tokens": BURST}
    answer = (await client.post(f"{server}/streams", json=question)).raise_for_status().json()
    url = f"{address}/streams/{answer['stream']}/{kind}"
    reading = {
        "long-poll": lambda: poll(client, url, wait),
        "socket": lambda: listen(url),
    }.get(kind, lambda: follow(client, url, BURST if is_later else 0))
    # Who is held up by a busy machine is given some time.
    patience = silence * 1.2 + 30
    try:
        found = await asyncio.wait_for(reading(), patience)
    except TimeoutError:
        return {"ended": "nothing", "seconds": patience, "silent_seconds": patience}
    return found | {"seconds": round(found["seconds"] - (lead if is_later else 0), 1)}


class Watch:
    """How long a reader has lived, and heard nothing."""

    def __init__(self):
        self.began = self.heard = time.monotonic()
        self.longest = 0

    @property
    def seconds(self):
        return round(time.monotonic() - self.began, 1)

    def hear(self):
        now = time.monotonic()
        self.longest, self.heard = max(self.longest, now - self.heard), now

    def told(self, ended):
        self.hear()
        return {"ended": ended, "seconds": self.seconds, "silent_seconds": round(self.longest, 1)}


async def follow(client, url, wanted=0):
    """An event stream, or lines, to the token of that index or the end."""
    watch, is_answered = Watch(), False
    try:
        async with client.stream("GET", url) as response:
            is_answered = True
            if response.status_code != 200:
                return watch.told(f"status {response.status_code}")
            watch.hear()
            async for line in response.aiter_lines():
                token = INDEX.search(line)
                if token and int(token[1]) >= wanted:
                    return watch.told(TOKEN)
                watch.hear()
        return watch.told("end")
    except httpx.TransportError as error:
        return watch.told(broken(error, is_answered))


def broken(error, is_answered):
    """How a connection ended that was not to end."""
    if isinstance(error, httpx.ReadError):
        return "reset"
    assert isinstance(error, httpx.RemoteProtocolError), repr(error)
    return "closed in the response" if is_answered else "closed without a response"


async def poll(client, url, wait):
    """Asked again until the token is there, as a reader does: at once after an empty page, a moment after a refusal."""
    watch, first, polls = Watch(), None, 0
    while True:
        polls += 1
        try:
            response = await client.get(url, params={"from": 0, "wait": wait})
            is_page = response.status_code == 200
            ended = f"status {response.status_code}" if not is_page else TOKEN if response.json()["tokens"] else HELD
        except httpx.TransportError as error:
            ended = broken(error, is_answered=False)
        first = first or watch.told(ended)
        if ended == TOKEN:
            return first | {"polls": polls, "seconds_to_token": watch.seconds}
        if ended != HELD:
            await asyncio.sleep(PAUSE)


class Pinged(ClientConnection):
    """Hears the server's pings, which the library answers by itself."""

    watch = None

    def process_event(self, event):
        if self.watch and isinstance(event, Frame) and event.opcode is Opcode.PING:
            self.watch.hear()
        super().process_event(event)


async def listen(url):
    """A WebSocket. It pings nobody: the library would, and no browser does."""
    watch = Watch()
    words = {"ping_interval": None, "open_timeout": None, "proxy": None, "create_connection": Pinged}
    try:
        async with connect(url.replace("http", "ws", 1), **words) as socket:
            socket.watch = watch
            assert "index" in json.loads(await socket.recv())
            return watch.told(TOKEN)
    except websockets.InvalidStatus as refusal:
        return watch.told(f"status {refusal.response.status_code}")
    except websockets.ConnectionClosed as closed:
        return watch.told(f"close {closed.rcvd.code}" if closed.rcvd else "closed without a close frame")
