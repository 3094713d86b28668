"""An edge that speaks HTTP/2 over TLS and gives up its connections, in ways that a server may (RFC 9113, sections 6.8 and 8.7)."""

import asyncio
import collections
import concurrent.futures
import contextlib
import ssl
import urllib.parse

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings
import httpx
from hyperframe.frame import GoAwayFrame, RstStreamFrame
from proxies import Proxied, certify

# What it does; what it has not begun with, it says so of, so that it may be sent again.
MANNERS = {
    "with the last answer": "GOAWAY and the end come in one piece with an answer, once enough were asked for and none is due",
    "passed over": "GOAWAY comes as soon as enough were asked for, and what is asked for behind it is not answered",
    "announced": "the same, behind a first GOAWAY that names no last stream",
    "refused": "each fifth request gets RST_STREAM with REFUSED_STREAM",
    "three at a time": "no more streams than that; and given up as with the last answer",
    "never": "each connection is given up before a request",
    "shedding": "each connection is given up before a request, which gets REFUSED_STREAM as well",
    "begun": "each fifth request is begun with, and its stream reset with CANCEL",
    "refused first": "the first request of each connection gets REFUSED_STREAM",
    "given up first": "the first request of the first connection is passed over, and the connection stays open",
    "odd": "padding, empty frames, PING, interim answers, trailers, and RST_STREAM behind what is whole",
}
# So many requests are asked for on a connection before it is given up.
LIMIT = 12
ANY_STREAM = 2**31 - 1


class Connection:
    """One of a reader's, or of several."""

    def __init__(self, edge, reader, writer):
        self.edge, self.reader, self.writer = edge, reader, writer
        self.frames = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.taken = 0
        # The last stream that may have been acted on, and what GOAWAY has said of it.
        self.highest = 0
        self.last = None
        self.asked = {}
        self.answering = set()

    async def serve(self):
        self.frames.initiate_connection()
        if self.edge.manner == "three at a time":
            # It holds for what is asked behind the client's acknowledgement.
            self.frames.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 3})
        self.flush()
        while data := await self.reader.read(1 << 16):
            for event in self.frames.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self.asked[event.stream_id] = {name.decode(): value.decode() for name, value in event.headers}, bytearray()
                elif isinstance(event, h2.events.DataReceived):
                    self.asked[event.stream_id][1].extend(event.data)
                elif isinstance(event, h2.events.StreamEnded):
                    self.take(event.stream_id, *self.asked.pop(event.stream_id))
                elif isinstance(event, h2.events.StreamReset):
                    self.cancel(event.stream_id)
            self.flush()

    def take(self, stream, head, body):
        """Begins with a request, or says that it has not."""
        manner = self.edge.manner
        if manner in ("never", "shedding"):
            return self.turn_away(stream)
        if self.last is not None and stream > self.last:
            self.edge.passed_over += 1
            return
        self.taken += 1
        if self.taken == 1 and (manner == "refused first" or manner == "given up first" and not self.edge.given_up):
            self.edge.passed_over += 1
            return self.give_up() if manner == "given up first" else self.refuse(stream)
        if manner == "refused" and self.taken % 5 == 0:
            self.edge.passed_over += 1
            return self.refuse(stream)
        self.highest = max(self.highest, stream)
        self.edge.begun[head[":method"]] += 1
        if manner == "begun" and self.taken % 5 == 0:
            return self.frames.reset_stream(stream, h2.errors.ErrorCodes.CANCEL)
        task = asyncio.ensure_future(self.answer(stream, head, bytes(body)))
        task.stream = stream
        self.answering.add(task)
        if self.taken == LIMIT and manner in ("passed over", "announced"):
            self.give_up()

    def refuse(self, stream):
        self.frames.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)

    def turn_away(self, stream):
        """Takes no request on this connection."""
        self.edge.passed_over += 1
        if self.last is None:
            self.give_up()
        if self.edge.manner == "shedding":
            self.refuse(stream)
        self.flush()
        self.writer.close()

    def cancel(self, stream):
        for task in list(self.answering):
            if task.stream == stream:
                task.cancel()

    async def answer(self, stream, head, body):
        """Its stream's answer, as it comes from the server."""
        try:
            fields = {name: value for name, value in head.items() if not name.startswith(":")}
            url = self.edge.origin + head[":path"]
            async with self.edge.client.stream(head[":method"], url, headers=fields, content=body) as answer:
                self.begin_answer(stream, answer)
                async for piece in answer.aiter_raw():
                    self.send(stream, piece)
            self.end_answer(stream)
        finally:
            self.answering.discard(asyncio.current_task())
            self.leave_if_done()
            self.flush()

    def begin_answer(self, stream, answer):
        if self.edge.manner == "odd":
            self.frames.send_headers(stream, [(":status", "103"), ("link", "</a.css>; rel=preload")])
            self.frames.ping(b"whatever")
        kept = [(name, value) for name, value in answer.headers.items() if name in ("content-type", "cache-control")]
        self.frames.send_headers(stream, [(":status", str(answer.status_code)), *kept])
        self.flush()

    def send(self, stream, piece):
        is_odd = self.edge.manner == "odd"
        if is_odd:
            self.frames.send_data(stream, b"")
            self.frames.send_data(stream, b"")
        self.frames.send_data(stream, piece, pad_length=20 if is_odd else None)
        self.flush()

    def end_answer(self, stream):
        if self.edge.manner != "odd":
            return self.frames.end_stream(stream)
        self.frames.send_headers(stream, [("x-took", "long")], end_stream=True)
        self.flush(RstStreamFrame(stream).serialize())

    def leave_if_done(self):
        """Says goodbye behind the last answer, in one piece with it, and closes."""
        if self.taken < LIMIT or self.answering or self.edge.manner in ("refused", "refused first", "given up first", "begun", "odd"):
            return
        if self.last is None:
            self.give_up()
        self.flush()
        self.writer.close()

    def give_up(self):
        """Begins with no stream any more; h2 itself would answer none that it has begun with."""
        self.flush(GoAwayFrame(0, last_stream_id=ANY_STREAM).serialize() if self.edge.manner == "announced" else b"")
        self.last = self.highest
        self.flush(GoAwayFrame(0, last_stream_id=self.last).serialize())
        self.edge.given_up += 1

    def flush(self, more=b""):
        if not self.writer.is_closing():
            self.writer.write(self.frames.data_to_send() + more)


class Departing:
    """The edge in front of a server; what it has done so far is counted."""

    def __init__(self, manner, origin, folder):
        self.manner, self.origin, self.folder = manner, origin, folder
        self.passed_over = self.given_up = 0
        # By method.
        self.begun = collections.Counter()

    async def connected(self, reader, writer):
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
                await Connection(self, reader, writer).serve()
            else:
                await self.relay(reader, writer)
        writer.close()

    async def relay(self, reader, writer):
        """Who speaks HTTP/1.1 speaks it with the server."""
        url = urllib.parse.urlsplit(self.origin)
        from_server, to_server = await asyncio.open_connection(url.hostname, url.port)
        await asyncio.gather(carry(reader, to_server), carry(from_server, writer))

    async def run(self, standing):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.folder / "edge.pem", self.folder / "edge.pem.key")
        context.set_alpn_protocols(["h2", "http/1.1"])
        self.over = asyncio.Event()
        async with httpx.AsyncClient(timeout=None) as self.client:
            async with await asyncio.start_server(self.connected, "127.0.0.1", 0, ssl=context) as server:
                standing.set_result((server.sockets[0].getsockname()[1], asyncio.get_running_loop()))
                await self.over.wait()


async def carry(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
    finally:
        writer.close()


@contextlib.contextmanager
def departing(manner, origin, folder):
    """The edge, and where it is reached."""
    assert manner in MANNERS
    certify(folder)
    edge, standing = Departing(manner, origin, folder), concurrent.futures.Future()
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        running = thread.submit(asyncio.run, edge.run(standing))
        running.add_done_callback(lambda done: standing.done() or standing.set_exception(done.exception()))
        port, loop = standing.result()
        try:
            yield edge, Proxied(None, f"https://127.0.0.1:{port}", folder / "authority.pem")
        finally:
            loop.call_soon_threadsafe(edge.over.set)
            running.result()
