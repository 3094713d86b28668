"""What Chromium sends with the page's requests, held against the text that the readers of `heads: chromium` are held
against too (`ChromiumHeadsTests`). After a change of Chromium's, `PUSHLAB_HEADS=1` writes that text anew."""

import os
import pathlib
import re
import socket
import threading

import pytest
from test_transports import QUESTION, ask, read, wait_for

WITNESSES = pathlib.Path(__file__).parents[1] / "Support" / "chromium-heads"
# What a request says of itself, and not of who sends it.
OWN = {"Host", "Origin", "Content-Length", "Last-Event-ID", "Sec-WebSocket-Key"}
STOP = "async (stream) => (await import('/server.js')).stopGenerating(stream)"


class Tap:
    """Stands between the browser and the server, and keeps what the browser says."""

    def __init__(self, server):
        self.port = int(server.rsplit(":", 1)[1])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.said = []
        self.sockets = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                browser, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.port))
            self.sockets += [browser, server]
            threading.Thread(target=self.pump, args=(browser, server, self.said.append), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, browser, lambda piece: None), daemon=True).start()

    def pump(self, source, target, keep):
        try:
            while piece := source.recv(65_536):
                keep(piece)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        """Breaks every connection there is."""
        for end in self.sockets:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def heads(self, request):
        """Those of the requests so far whose line is this, in the order in which they came."""
        text = b"".join(list(self.said)).decode(errors="replace")
        found = re.findall(r"(?:GET|POST|DELETE) /[^\r]* HTTP/1.1\r\n(?:[^\r]+\r\n)+\r\n", text)
        return [head for head in found if re.match(request, head)]

    def close(self):
        self.listener.close()
        self.cut()
        for end in self.sockets:
            end.close()


@pytest.fixture
def tap(server):
    tap = Tap(server)
    yield tap
    tap.close()


def fields(head):
    """Names in order, with how many bytes their values take, but for those that are the request's own."""
    lines = [line.split(": ", 1) for line in head.splitlines()[1:] if line]
    return [(name, None if name in OWN else len(value)) for name, value in lines]


def check(name, head):
    # Without a window Chromium calls itself by another name than people's does.
    head = head.replace("HeadlessChrome/", "Chrome/")
    witness = WITNESSES / f"{name}.txt"
    if os.environ.get("PUSHLAB_HEADS"):
        witness.write_text(head.replace("\r\n", "\n"))
    assert fields(head) == fields(witness.read_text())


def answer(lab, server):
    return {"question": QUESTION, "next": 0, **ask(lab, server)}


def test_asking(lab, server, tap):
    read(lab, tap.address, "long-polling", {"question": QUESTION, "next": 0})
    wait_for(lab, "done")
    check("ask", tap.heads(r"POST /streams")[0])


@pytest.mark.parametrize(("transport", "resource"), [("short-polling", "poll"), ("long-polling", "long-poll")])
def test_polls(lab, server, tap, transport, resource):
    read(lab, tap.address, transport, answer(lab, server))
    wait_for(lab, "done")
    for head in tap.heads(rf"GET /streams/\w+/{resource}\?"):
        check("poll", head)


def test_a_stop(lab, server, tap):
    lab.page.goto(f"{tap.address}/article.html")
    lab.page.evaluate(STOP, answer(lab, server)["stream"])
    check("stop", tap.heads("DELETE /streams/")[0])


def test_a_socket(lab, server, tap):
    read(lab, tap.address, "websocket", answer(lab, server))
    wait_for(lab, "done")
    check("socket", tap.heads(r"GET /streams/\w+/socket\?")[0])


def test_an_event_stream_that_is_cut_and_comes_back(broken_lab, server, tap):
    slow = {**QUESTION, "tokens": 30, "rate": 20}
    stream = broken_lab.page.request.post(f"{server}/streams", data=slow).json()
    read(broken_lab, tap.address, "server-sent-events", {"question": slow, "next": 0, **stream})
    wait_for(broken_lab, "token")
    tap.cut()
    wait_for(broken_lab, "done")
    first, again = tap.heads(r"GET /streams/\w+/events\?")
    check("events", first)
    check("events-again", again)
