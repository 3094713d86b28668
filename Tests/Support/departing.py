"""An edge that speaks HTTP/2 over TLS and gives up its connections, in ways that a server may (RFC 9113, sections 6.8 and 8.7)."""

import asyncio
import contextlib
import ssl
import threading
import urllib.parse

import h2.config
import h2.connection
import h2.errors
import h2.events
import httpx
from hyperframe.frame import GoAwayFrame
from proxies import Proxied, certify

# So many requests are answered on a connection before it is given up.
LIMIT = 12
ANY_STREAM = 2**31 - 1


class Connection:
    """One of a reader's, or of several."""

    def __init__(self, edge, reader, writer):
        self.edge, self.reader, self.writer = edge, reader, writer
        self.frames = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.begun = 0
        self.last = None
        self.asked = {}
        self.answering = set()

    async def serve(self):
        self.frames.initiate_connection()
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
        """Begins with a request, or does what its manner is."""
        if self.last is not None and stream > self.last:
            self.edge.passed_over += 1
            return
        self.begun += 1
        if self.edge.manner == "refused" and self.begun % 5 == 0:
            self.edge.passed_over += 1
            return self.frames.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
        task = asyncio.ensure_future(self.answer(stream, head, bytes(body)))
        task.stream = stream
        self.answering.add(task)
        if self.begun == LIMIT and self.edge.manner in ("passed over", "announced"):
            self.give_up(stream)

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
                kept = [(name, value) for name, value in answer.headers.items() if name in ("content-type", "cache-control")]
                self.frames.send_headers(stream, [(":status", str(answer.status_code)), *kept])
                self.flush()
                async for piece in answer.aiter_raw():
                    self.frames.send_data(stream, piece)
                    self.flush()
            self.frames.end_stream(stream)
        finally:
            self.answering.discard(asyncio.current_task())
            self.leave_if_done(stream)
            self.flush()

    def leave_if_done(self, stream):
        """Says goodbye behind the last answer, in one piece with it, and closes."""
        if self.begun < LIMIT or self.answering or self.edge.manner == "refused":
            return
        if self.last is None:
            self.give_up(stream)
        self.flush()
        self.writer.close()

    def give_up(self, last):
        """No stream behind the last begins; h2 itself would answer none any more."""
        self.flush(GoAwayFrame(0, last_stream_id=ANY_STREAM).serialize() if self.edge.manner == "announced" else b"")
        self.last = max(last, *(task.stream for task in self.answering), 0)
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
        self.loop = asyncio.get_running_loop()
        async with httpx.AsyncClient(limits=httpx.Limits(), timeout=None) as self.client:
            async with await asyncio.start_server(self.connected, "127.0.0.1", 0, ssl=context) as server:
                self.port = server.sockets[0].getsockname()[1]
                standing.set()
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
    certify(folder)
    edge, standing = Departing(manner, origin, folder), threading.Event()
    thread = threading.Thread(target=asyncio.run, args=(edge.run(standing),))
    thread.start()
    standing.wait()
    try:
        yield edge, Proxied(None, f"https://127.0.0.1:{edge.port}", folder / "authority.pem")
    finally:
        edge.loop.call_soon_threadsafe(edge.over.set)
        thread.join()
