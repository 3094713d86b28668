"""ASGI without a framework, on uvicorn with uvloop and httptools: one task writes what is due to all readers."""

import asyncio
import heapq
import time
from urllib.parse import parse_qs

import uvicorn

from tokens import arguments, end_with_parent, instant_of, sleep_until_in_loop

PORT, PAYLOADS, GAP = arguments()
EVENTS = [f"data: {payload}\n\n".encode() for payload in PAYLOADS]
HEAD = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")],
}
# uvloop writes what was sent when it has its turn again.
BATCH = 64


class Reader:
    def __init__(self, start, send):
        self.start, self.send = start, send
        self.next = 0
        self.due = instant_of(start, GAP, 0)
        self.is_gone = False

    def __lt__(self, other):
        return self.due < other.due

    async def take(self):
        index = self.next
        self.next += 1
        self.due = instant_of(self.start, GAP, self.next)
        more = self.next < len(EVENTS)
        await self.send({"type": "http.response.body", "body": EVENTS[index], "more_body": more})
        return more


class Producer:
    def __init__(self):
        self.readers = []
        self.task = None

    def add(self, reader):
        heapq.heappush(self.readers, reader)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.run())

    async def run(self):
        while self.readers:
            await sleep_until_in_loop(self.readers[0].due)
            for _ in range(BATCH):
                if not self.readers or self.readers[0].due > time.monotonic():
                    break
                await self.serve_first()
            await asyncio.sleep(0)

    async def serve_first(self):
        reader = heapq.heappop(self.readers)
        if not reader.is_gone and await reader.take():
            heapq.heappush(self.readers, reader)


producer = Producer()


async def app(scope, receive, send):
    start = int(parse_qs(scope["query_string"])[b"start"][0])
    await send(HEAD)
    reader = Reader(start, send)
    producer.add(reader)
    # Says so when the reader has gone, or has had its last event.
    while (await receive())["type"] != "http.disconnect":
        pass
    reader.is_gone = True


if __name__ == "__main__":
    end_with_parent()
    # No line a request, no lifespan that the application does not have, and a queue of new connections as long as
    # the others'.
    uvicorn.run(
        app, host="127.0.0.1", port=PORT, log_level="error", access_log=False, lifespan="off", backlog=4096
    )
