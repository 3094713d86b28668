"""What Chromium sends with the page's requests, held against the text that the readers of `heads: chromium` are held
against too (`ChromiumHeadsTests`). After a change of Chromium's, `PUSHLAB_HEADS=1` writes that text anew."""

import os
import pathlib

import pytest
from test_transports import QUESTION, ask, read, wait_for

WITNESSES = pathlib.Path(__file__).parents[1] / "Support" / "chromium-heads"
# What a request says of itself, and not of who sends it.
OWN = {"Host", "Origin", "Content-Length", "Last-Event-ID", "Sec-WebSocket-Key"}
ASK_AT_ONCE = """(question) => fetch("/chat-stream", {
  method: "POST", headers: { Accept: "application/x-ndjson" }, body: JSON.stringify(question),
}).then((response) => response.text())"""
STOP = "async (stream) => (await import('/server.js')).stopGenerating(stream)"


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


def test_lines(lab, server, tap):
    read(lab, tap.address, "http-streaming", answer(lab, server))
    wait_for(lab, "done")
    check("poll", tap.heads(r"GET /streams/\w+/lines\?")[0])


def test_asking_for_lines_at_once(lab, server, tap):
    lab.page.goto(f"{tap.address}/article.html")
    lab.page.evaluate(ASK_AT_ONCE, QUESTION)
    check("ask-for-lines", tap.heads(r"POST /chat-stream")[0])


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
    tap.holds_behind = rb'"index":7,'
    read(broken_lab, tap.address, "server-sent-events", {"question": slow, "next": 0, **stream})
    # All that is let through has come, or the stream would be held once more.
    broken_lab.page.wait_for_function("() => events.filter(([name]) => name === 'token').length === 8")
    tap.cut()
    wait_for(broken_lab, "done")
    first, again = tap.heads(r"GET /streams/\w+/events\?")
    check("events", first)
    check("events-again", again)
