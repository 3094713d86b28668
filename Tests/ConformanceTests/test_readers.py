"""`pushlab watch` against servers that other people's parsers make: h11 for HTTP, websockets for WebSocket. Both
raise an error at whatever a client must not send."""

import contextlib
import json
import socket
import subprocess
import threading

import h11
import pytest
from websockets.frames import Opcode
from websockets.server import ServerProtocol

from listening import accepted
from pushlab import PUSHLAB, require_release_build

require_release_build()
STARTED = json.dumps({"stream": "00000000000000aa", "epoch": "00000000000000bb", "started": 1}).encode()
TOKENS = [json.dumps({"index": index, "token": text}).encode() for index, text in enumerate(["é", " b", " c"])]
DONE = {"reason": "complete", "tokens": len(TOKENS)}
PAGE = b'{"tokens":[' + b",".join(TOKENS) + b'],"next":3,"done":true,"reason":"complete"}'
EVENTS = b"".join(b"data: " + token + b"\n\n" for token in TOKENS)
EVENTS += b"event: done\ndata: " + json.dumps(DONE).encode() + b"\n\n"
LINES = b"".join(line + b"\n" for line in [*TOKENS, b"", json.dumps({"done": DONE}).encode()])
JSON, STREAM = (("Content-Type", "application/json"),), (("Content-Type", "text/event-stream"),)
NDJSON = (("Content-Type", "application/x-ndjson"),)
# By the last segment of the path.
ANSWERS = {"poll": (PAGE, JSON), "long-poll": (PAGE, JSON), "events": (EVENTS, STREAM), "lines": (LINES, NDJSON)}


class Server:
    """Takes connections one after the other, each to its end, and keeps what went wrong with one."""

    def __init__(self, version="1.1", keeps=True):
        self.version, self.keeps = version, keeps
        self.errors, self.requests, self.connections, self.closes = [], [], 0, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(timeout=20)
        self.listener.close()

    def serve(self):
        for peer in accepted(self.listener):
            with peer:
                peer.settimeout(10)
                self.connections += 1
                try:
                    self.answer_all(peer)
                except Exception as error:
                    self.errors.append(repr(error))

    def answer_all(self, peer):
        http = h11.Connection(h11.SERVER)
        while True:
            request = self.next(http, peer)
            if isinstance(request, h11.ConnectionClosed):
                return
            assert isinstance(request, h11.Request), request
            self.requests.append(request)
            while not isinstance(event := self.next(http, peer), h11.EndOfMessage):
                assert isinstance(event, h11.Data), event
            path = request.target.decode()
            if "/socket" in path:
                return self.speak(request, peer)
            for status in (100, 103, 103):
                interim = h11.InformationalResponse(status_code=status, headers=[("Link", "</a>; rel=preload")])
                if self.version == "1.1":
                    peer.sendall(http.send(interim))
            if path == "/streams":
                self.answer(http, peer, 201, STARTED, JSON)
            else:
                resource = path.partition("?")[0].rpartition("/")[2]
                self.answer(http, peer, 200, *ANSWERS[resource])
            if http.our_state is h11.MUST_CLOSE:
                return
            http.start_next_cycle()

    def answer(self, http, peer, status, body, fields):
        """In chunks over HTTP/1.1 with a trailer, else up to the connection's end."""
        fields = [*fields, *([] if self.keeps else [("Connection", "keep-alive, close")])]
        if self.version == "1.0":
            head = "".join(f"{name}: {value}\r\n" for name, value in fields)
            peer.sendall(f"HTTP/1.0 {status} X\r\n{head}\r\n".encode() + body)
            peer.shutdown(socket.SHUT_WR)
            http.send_failed()
            raise Last
        peer.sendall(http.send(h11.Response(status_code=status, headers=fields)))
        for start in range(0, len(body), 7):
            peer.sendall(http.send(h11.Data(data=body[start : start + 7])))
        peer.sendall(http.send(h11.EndOfMessage(headers=[("Server-Timing", "all;dur=1")])))

    def next(self, http, peer):
        while (event := http.next_event()) is h11.NEED_DATA:
            http.receive_data(peer.recv(65536))
        return event

    def speak(self, request, peer):
        """The handshake, a ping, a message in fragments, and the closing handshake, begun by the server."""
        protocol = ServerProtocol()
        fields = b"".join(name + b": " + value + b"\r\n" for name, value in request.headers.raw_items())
        protocol.receive_data(b"GET " + request.target + b" HTTP/1.1\r\n" + fields + b"\r\n")
        (handshake,) = protocol.events_received()
        protocol.send_response(protocol.accept(handshake))
        protocol.send_ping(b"there?")
        protocol.send_text(TOKENS[0][:20], fin=False)
        protocol.send_continuation(TOKENS[0][20:], fin=True)
        for message in [*TOKENS[1:], json.dumps({"done": DONE}).encode()]:
            protocol.send_text(message)
        protocol.send_close(1001, "good night")
        peer.sendall(b"".join(protocol.data_to_send()))
        while data := peer.recv(65536):
            protocol.receive_data(data)
        protocol.receive_eof()
        if protocol.parser_exc:
            raise protocol.parser_exc
        pongs = [bytes(frame.data) for frame in protocol.events_received() if frame.opcode is Opcode.PONG]
        self.closes.append((pongs, protocol.close_rcvd and protocol.close_rcvd.code))


class Last(Exception):
    """The connection ends behind this answer."""


@contextlib.contextmanager
def serving(**options):
    server = Server(**options)
    try:
        yield server
    finally:
        server.stop()


def watch(server, transport):
    command = [PUSHLAB, "watch", "--no-resume", "--tokens", "3", "--think", "0", "--transport", transport]
    return subprocess.run([*command, "--port", str(server.port), "hi"], capture_output=True, text=True, timeout=60)


TRANSPORTS = ["short-polling", "long-polling", "server-sent-events", "http-streaming", "websocket"]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("keeps", [True, False])
def test_a_strict_server_is_read(transport, keeps):
    with serving(keeps=keeps) as server:
        result = watch(server, transport)
    assert (result.returncode, result.stdout, result.stderr) == (0, "é b c\n", "")
    assert server.errors == []
    assert [request.method for request in server.requests] == [b"POST", b"GET"]
    assert server.connections == (1 if keeps else 2)
    if transport == "websocket":
        assert server.closes == [([b"there?"], 1001)]


@pytest.mark.parametrize("transport", [name for name in TRANSPORTS if name != "websocket"])
def test_a_server_of_http_1_0_is_read(transport):
    with serving(version="1.0") as server:
        result = watch(server, transport)
    assert (result.returncode, result.stdout, result.stderr) == (0, "é b c\n", "")
    assert server.connections == 2
    assert server.errors == ["Last()"] * 2
