"""Requests and their answers, found in what went over a connection (RFC 9112, RFC 6455)."""

import re


class Exchange:
    """One request with its answer, or one WebSocket."""

    def __init__(self, asked):
        self.asked = asked
        self.pieces_up, self.pieces_down = [], []

    @property
    def up(self):
        return b"".join(piece for _, piece in self.pieces_up)

    @property
    def down(self):
        return b"".join(piece for _, piece in self.pieces_down)

    @property
    def target(self):
        return self.up.split(b" ", 2)[1].decode()

    @property
    def reader(self):
        """The tag of whoever reads; of what is asked about a reader there is none."""
        found = re.search(r"[?&]reader=([^&]+)", self.target)
        return found[1] if found and not self.target.startswith("/faults/") else None

    @property
    def is_socket(self):
        return self.down.startswith(b"HTTP/1.1 101")

    @property
    def bodies(self):
        """What the answer carried, without head and framing; None where it broke off."""
        head, divider, rest = self.down.partition(b"\r\n\r\n")
        if not divider:
            return None
        if self.is_socket:
            return messages(rest)
        if length := re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE):
            return rest if len(rest) == int(length[1]) else None
        if re.search(rb"\r\ntransfer-encoding: *chunked", head, re.IGNORECASE):
            return chunks(rest)
        return b""

    @property
    def is_whole(self):
        return self.bodies is not None

    def came(self, text):
        """When the last byte of the first such text had come; None where it did not."""
        end = self.down.find(text)
        if end < 0:
            return None
        end += len(text)
        for when, piece in self.pieces_down:
            end -= len(piece)
            if end <= 0:
                return when


def chunks(rest):
    body = b""
    while True:
        size, divider, rest = rest.partition(b"\r\n")
        if not divider or len(rest) < int(size, 16) + 2:
            return None
        if int(size, 16) == 0:
            return body
        body += rest[: int(size, 16)]
        rest = rest[int(size, 16) + 2 :]


def messages(rest):
    """The server's text messages, which come unmasked and in one frame each, through its close frame."""
    body = b""
    while len(rest) >= 2:
        opcode, size, start = rest[0] & 15, rest[1], 2
        if size == 126:
            size, start = int.from_bytes(rest[2:4], "big"), 4
        if opcode == 8 and len(rest) >= start + size:
            return body
        body += rest[start : start + size] if opcode == 1 else b""
        rest = rest[start + size :]
    return None


def exchanges(pieces):
    """The exchanges of one connection, whose client asks again when it has its answer, as browsers do."""
    found = []
    for when, goes_up, piece in pieces:
        is_request = re.match(rb"(GET|POST|DELETE|HEAD|OPTIONS) ", piece)
        if goes_up and is_request and not (found and found[-1].is_socket):
            found.append(Exchange(when))
        if found:
            (found[-1].pieces_up if goes_up else found[-1].pieces_down).append((when, piece))
    return found
