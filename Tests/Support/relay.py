"""A relay between a browser and a server, which counts what goes through: a witness that shares no code with either."""

import socket
import struct
import threading
import time

from exchanges import exchanges
from listening import accepted


class Relay:
    """Listens on a free port of the loopback interface, and carries everything to the server's."""

    def __init__(self, server_port):
        self.server_port = server_port
        self.carried = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        for browser in accepted(self.listener):
            try:
                server = socket.create_connection(("127.0.0.1", self.server_port))
            except OSError:
                reset(browser)
                continue
            self.carried.append(Carried(browser, server))

    def exchanges(self, reader=None):
        """What went through so far, in the order in which it was asked; of one reader's tag alone, or of all."""
        found = [exchange for carried in list(self.carried) for exchange in exchanges(list(carried.pieces))]
        found.sort(key=lambda exchange: exchange.asked)
        return [exchange for exchange in found if reader is None or exchange.reader == reader]

    def cut(self, reader):
        """Resets the connections whose answer to that reader is on its way, at both ends. How many they were."""
        cut = 0
        for carried in list(self.carried):
            last = exchanges(list(carried.pieces))[-1:]
            if carried.is_open and last and last[0].reader == reader and not last[0].is_whole:
                carried.cut()
                for thread in carried.threads:
                    thread.join()
                # What was on its way when it was looked at may have come through.
                cut += not exchanges(carried.pieces)[-1].is_whole
        return cut

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        for carried in self.carried:
            carried.cut()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Carried:
    """One connection, as two, with each piece that went through: (when, whether it went up, bytes)."""

    def __init__(self, browser, server):
        self.browser, self.server = browser, server
        self.pieces = []
        self.is_open = True
        for side in (browser, server):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ways = ((browser, server), (server, browser))
        self.threads = [threading.Thread(target=self.carry, args=way, daemon=True) for way in ways]
        for thread in self.threads:
            thread.start()

    def carry(self, source, target):
        try:
            while piece := source.recv(1 << 16):
                self.pieces.append((time.monotonic(), source is self.browser, piece))
                target.sendall(piece)
            if self.is_open:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            # What was reset on one side is reset on the other.
            self.cut()

    def cut(self):
        self.is_open = False
        for side in (self.browser, self.server):
            reset(side)


def reset(connection):
    """Ends it with a reset, also where another thread waits for it."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        pass
    connection.close()
