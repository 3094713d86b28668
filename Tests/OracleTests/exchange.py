"""One connection as a client has it: bytes sent in pieces, responses read one after the other, each by h11."""

import asyncio
import dataclasses
import socket
import struct

import h11

# Longer than any answer takes on a busy machine: a server that is waited for in vain has failed.
PATIENCE = 60


@dataclasses.dataclass
class Answer:
    status: int
    body: bytes
    # It says that nothing follows it on this connection.
    closes: bool


class Ended(Exception):
    """The connection came to its end before a whole response."""


class Exchange:
    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.unread = b""
        self.is_at_end = False

    @classmethod
    async def open(cls, port):
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, pieces):
        """Each in a segment of its own, as far as the kernel lets them be."""
        try:
            for piece in pieces:
                self.writer.write(piece)
                await self.writer.drain()
                if len(pieces) > 1:
                    await asyncio.sleep(0.001)
        except ConnectionError:
            # Who was refused may be cut off while it sends; what it was answered is still there to read.
            pass

    def end_sending(self):
        try:
            self.writer.write_eof()
        except (OSError, RuntimeError):
            pass

    async def answer(self, method):
        """The next response, which is one to this method.

        - Raises Ended, with what came instead.
        - Raises h11.RemoteProtocolError for what is no response.
        """
        parser = h11.Connection(h11.CLIENT)
        parser.send(h11.Request(method=method, target="/", headers=[("host", "localhost")]))
        parser.send(h11.EndOfMessage())
        if self.unread:
            parser.receive_data(self.unread)
        head, body, seen = None, b"", self.unread
        while True:
            event = parser.next_event()
            if event is h11.NEED_DATA:
                data = await self.read()
                if not data and head is None:
                    raise Ended(seen)
                seen += data
                parser.receive_data(data)
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                self.unread = parser.trailing_data[0]
                return Answer(head.status_code, body, parser.their_state is not h11.DONE)
            elif isinstance(event, h11.ConnectionClosed):
                raise Ended(seen)

    async def read(self):
        try:
            data = await self.reader.read(65_536)
        except ConnectionError:
            data = b""
        self.is_at_end = not data
        return data

    async def rest(self):
        """What comes until the connection's end."""
        rest = self.unread
        while not self.is_at_end:
            rest += await self.read()
        return rest

    def cut(self, resets):
        """Ends the connection without waiting for anything."""
        if resets:
            lingers_not = struct.pack("ii", 1, 0)
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingers_not)
        self.writer.transport.abort()

    async def close(self):
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            pass
