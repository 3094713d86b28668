"""What passes through loopback, with the kernel's own times."""

import contextlib
import re
import socket
import struct
import threading

SO_TIMESTAMPNS = 35
OUTGOING = 4


class Wire:
    """Packets with content to and from a port: nanoseconds, the client's port, whether the client sent it, and the content.

    A raw socket needs the right to capture (CAP_NET_RAW)."""

    def __init__(self, port):
        self.port, self.packets, self.is_over = port, [], threading.Event()
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self.socket.bind(("lo", 0))
        self.socket.settimeout(0.1)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self.thread = threading.Thread(target=self.capture, daemon=True)
        self.thread.start()

    def capture(self):
        while True:
            try:
                packet, ancillary, _, address = self.socket.recvmsg(65_536, 64)
            except TimeoutError:
                if self.is_over.is_set():
                    return
                continue
            if address[2] != OUTGOING:
                self.keep(packet, ancillary)

    def keep(self, packet, ancillary):
        segment = packet[(packet[0] & 15) * 4:]
        source, destination = struct.unpack("!HH", segment[:4])
        content = segment[(segment[12] >> 4) * 4:]
        if content and self.port in (source, destination):
            seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
            is_sent = destination == self.port
            client = source if is_sent else destination
            self.packets.append((seconds * 10**9 + nanoseconds, client, is_sent, content))

    def stop(self):
        self.is_over.set()
        self.thread.join()
        self.socket.close()

    def times_to(self, expression):
        """Milliseconds from each POST to the packet with which what came in response has the expression."""
        asked, times = {}, []
        for at, client, is_sent, content in self.packets:
            if is_sent and content.startswith(b"POST"):
                asked[client] = at, b""
            elif not is_sent and client in asked:
                since, come = asked[client]
                asked[client] = since, come + content
                if re.search(expression, come + content):
                    times.append((at - since) / 1e6)
                    del asked[client]
        return times


@contextlib.contextmanager
def wire(port):
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.stop()
