"""What h11, a parser that shares no code with ours, reads in the bytes that a client sent."""

import dataclasses
import enum

import h11

# Ours has bounds of its own, which generated requests go past on purpose.
LARGEST_HEAD = 1 << 20


class End(enum.Enum):
    """How the bytes end, once all whole requests were read from them."""

    WAITS = "nothing more was asked"
    CLOSES = "the last request asked for the end of the connection"
    BROKEN = "no request can be read there"
    CUT_IN_LINE = "the bytes end in a request's first line"
    CUT = "the bytes end within a request"


@dataclasses.dataclass
class Asked:
    method: str
    target: str
    version: str
    body: bytes = b""


def read(data):
    """The requests in order, and how the bytes end."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEAD)
    if data:
        connection.receive_data(data)
    asked, current = [], None
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError:
            return asked, End.BROKEN
        if isinstance(event, h11.Request):
            current = Asked(event.method.decode(), event.target.decode(), event.http_version.decode())
        elif isinstance(event, h11.Data):
            current.body += event.data
        elif isinstance(event, h11.EndOfMessage):
            asked.append(current)
            current = None
            # Whatever is answered: that it is decides what may follow.
            connection.send(h11.Response(status_code=404, headers=[("content-length", "0")]))
            connection.send(h11.EndOfMessage())
            if h11.MUST_CLOSE in (connection.our_state, connection.their_state):
                return asked, End.CLOSES
            connection.start_next_cycle()
        else:
            return asked, end_of(connection.trailing_data[0], current)


def end_of(rest, current):
    if current is not None:
        return End.CUT
    if not rest:
        return End.WAITS
    return End.CUT if b"\n" in rest else End.CUT_IN_LINE
