"""Plain readers of a stream, one a transport, made of clients that others wrote."""

import dataclasses
import json
import time

import httpx
import websockets.sync.client
from httpx_sse import connect_sse

PATIENCE = 60


@dataclasses.dataclass
class Read:
    """What a reader got."""

    texts: list = dataclasses.field(default_factory=list)
    # When each was there, in seconds of a monotonic clock.
    times: list = dataclasses.field(default_factory=list)
    reason: str | None = None
    error: str | None = None

    @property
    def text(self):
        return "".join(self.texts)

    def take(self, token):
        assert token["index"] == len(self.texts), f"token {token['index']} came as number {len(self.texts)}"
        self.texts.append(token["token"])
        self.times.append(time.monotonic())

    def finish(self, done):
        self.reason, self.error = done["reason"], done.get("error")


def read(address, stream, transport):
    """All of a stream, over the transport of that name."""
    found = Read()
    READERS[transport](f"{address}/streams/{stream}", found)
    return found


def poll(url, found, pause):
    with httpx.Client(timeout=PATIENCE) as client:
        while found.reason is None:
            page = client.get(url, params={"from": len(found.texts)}).raise_for_status().json()
            for token in page["tokens"]:
                found.take(token)
            if page["done"]:
                found.finish(page)
            time.sleep(pause)


def read_events(url, found):
    with httpx.Client(timeout=PATIENCE) as client, connect_sse(client, "GET", url + "/events") as source:
        for event in source.iter_sse():
            if event.event == "done":
                return found.finish(json.loads(event.data))
            # httpx-sse hands on what only sets the time to come back, without data.
            if event.data:
                found.take(json.loads(event.data))


def read_lines(url, found):
    with httpx.stream("GET", url + "/lines", timeout=PATIENCE) as response:
        for line in response.iter_lines():
            message = json.loads(line) if line else {}
            if "done" in message:
                found.finish(message["done"])
            elif line:
                found.take(message)


def read_socket(url, found):
    with websockets.sync.client.connect(url.replace("http", "ws", 1) + "/socket", proxy=None) as socket:
        for text in socket:
            message = json.loads(text)
            if "done" in message:
                found.finish(message["done"])
            else:
                found.take(message)


READERS = {
    "short-polling": lambda url, found: poll(url + "/poll", found, 0.05),
    "long-polling": lambda url, found: poll(url + "/long-poll", found, 0),
    "server-sent-events": read_events,
    "http-streaming": read_lines,
    "websocket": read_socket,
}
