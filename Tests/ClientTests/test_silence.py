"""What the page of 13-silence says of silent streams is so fifteen times as quick, and every end has its own name."""

import importlib.util
import json
import socket
import struct
import sys
import threading

import asynchronous
import pytest
import websockets.asyncio.server
from listening import accepted
from pushlab import PROJECT

FOLDER = PROJECT / "experiments" / "13-silence"
sys.path.insert(0, str(FOLDER))
specification = importlib.util.spec_from_file_location("observe_silence", FOLDER / "observe.py")
observe = importlib.util.module_from_spec(specification)
specification.loader.exec_module(observe)

import silent_readers  # noqa: E402
from silent_edges import ALWAYS, LARGE, NOBODY  # noqa: E402
from silent_page import filled, is_heard  # noqa: E402
from silent_readers import HELD, TOKEN, WAYS  # noqa: E402

OBSERVED = json.loads((FOLDER / "observed.json").read_text())
# How long it may be silent stands in none of its configurations.
NOT_SHORTENED = [("varnish", "WebSocket", "none")]
# These give a stream so little more than the server may take for its first sign of life that here it could come too late.
NARROW = [
    (name, way, "30 s") for name in ("nginx", "varnish", "apache2") for way in WAYS if way.endswith(", later")
]


def ends(seen, names):
    """How each reader's stream ended, and of those that are given signs of life whether the reader heard any."""
    return {
        (name, way, sign): (life["ended"], sign != "none" and life["ended"] == TOKEN and is_heard(life))
        for name in names for way, lives in seen[name].items() for sign, life in lives.items()
        if (name, way, sign) not in NARROW
    }


def ends_in_time(names):
    """As they were observed; who lives for longer than a quick reader waits, sees the token."""
    found = ends(OBSERVED["seen"], names)
    for name, way, sign in found:
        lasts = OBSERVED["seen"][name][way][sign]["seconds"] > observe.QUICK_SILENCE * observe.FACTOR
        if lasts or (name, way, sign) in NOT_SHORTENED:
            is_told = sign != "none" and is_heard(OBSERVED["seen"][name][way][sign])
            found[name, way, sign] = (TOKEN, is_told)
    return found


def test_who_cuts_a_silent_stream():
    names = [NOBODY, *ALWAYS]
    assert ends(observe.observe_quickly(ALWAYS), names) == ends_in_time(names)


@pytest.mark.large
@pytest.mark.parametrize("name", [name for name in LARGE if not name.endswith("-tuned")])
def test_who_else_cuts_a_silent_stream(name):
    names = [name, f"{name}-tuned"]
    assert ends(observe.observe_quickly(names), names) == ends_in_time(names)


def test_the_page_says_what_was_observed():
    text = (FOLDER / "README.md").read_text()
    assert filled(text, OBSERVED) == text


def cut(names=None, ways=WAYS, signs=observe.SIGNS):
    """By whom, of these, a stream was cut or a poll refused."""
    seen = OBSERVED["seen"]
    return {
        name for name in names or seen for way in ways for sign in signs
        if seen[name][way][sign]["ended"] not in (TOKEN, HELD)
    }


BARE = {"nginx", "haproxy", "varnish", "apache2", "envoy"}
PUSHED = [way for way in WAYS if way != "long poll"]
AT_ONCE = ["event stream", "lines", "WebSocket"]
LATER = ["event stream, later", "lines, later"]


def test_the_sentences_of_the_page_are_borne_out():
    seen = OBSERVED["seen"]
    assert cut() == BARE | {"lighttpd"}
    for way in ("event stream", "lines"):
        assert cut(ways=[way], signs=["none"]) == BARE
    assert cut(ways=["WebSocket"], signs=["none"]) == BARE | {"lighttpd"}
    assert "end" not in {life["ended"] for ways in seen.values() for lives in ways.values() for life in lives.values()}
    assert cut(ways=PUSHED, signs=["15 s"]) == {"envoy"}
    assert cut(ways=AT_ONCE, signs=["30 s"]) == {"envoy"}
    assert cut(ways=LATER, signs=["30 s"]) == {"envoy", "haproxy"}
    assert cut(["envoy"], ["WebSocket"], ["15 s", "30 s"]) == set()
    # One line of the table says it for all signs of life, of which a poll has none.
    assert all(len({life["ended"] for life in ways["long poll"].values()}) == 1 for ways in seen.values())
    unheard = {name for name in seen for way in PUSHED if not is_heard(seen[name][way]["15 s"])} - {"envoy"}
    assert unheard == {"lighttpd"}


HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDS = {
    "closed without a response": b"",
    "closed in the response": HEAD,
    "reset": HEAD,
    "end": HEAD + b"1\r\n\n\r\n0\r\n\r\n",
    "status 504": b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n",
    "token": HEAD + b'c\r\n{"index":0}\n\r\n',
}


@pytest.fixture
def answering():
    """Starts what answers one request after the other with these bytes, closes each connection, and has this address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def start(answers, is_reset=False):
            def run():
                for connection, answer in zip(accepted(listener), answers):
                    connection.recv(65536)
                    connection.sendall(answer)
                    if is_reset:
                        # What was sent arrives before the reset, and none of it is left to be sent.
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.close()

            threading.Thread(target=run, daemon=True).start()
            return f"http://127.0.0.1:{listener.getsockname()[1]}"

        yield start


def read(reader, *words):
    async def run():
        async with silent_readers.client() as client:
            return await reader(client, *words)

    return asynchronous.run(run())


@pytest.mark.parametrize("ended", ENDS)
def test_how_a_response_ended(answering, ended):
    address = answering([ENDS[ended]], is_reset=ended == "reset")
    assert read(silent_readers.follow, f"{address}/lines")["ended"] == ended


def page(text):
    return f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()


def test_a_long_poll_is_asked_again_until_the_token_is_there(answering, monkeypatch):
    monkeypatch.setattr(silent_readers, "PAUSE", 0)
    address = answering([b"", ENDS["status 504"], page('{"tokens": []}'), page('{"tokens": [{"index": 0}]}')])
    found = read(silent_readers.poll, address, 1)
    assert (found["ended"], found["polls"]) == ("closed without a response", 4)


@pytest.mark.parametrize("ended", ["close 1011", "closed without a close frame", "token"])
def test_how_a_web_socket_ended(ended):
    async def answer(connection):
        if ended == "token":
            await connection.send('{"index": 0}')
        if ended == "close 1011":
            await connection.close(1011)
        connection.transport.abort()

    async def run():
        async with websockets.asyncio.server.serve(answer, "127.0.0.1", 0) as server:
            return await silent_readers.listen(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/socket")

    assert asynchronous.run(run())["ended"] == ended
