"""`tap`: how it reads other people's streams, and whether it tells a proxy that gathers from a server that is slow."""

import contextlib
import json
import socket
import struct
import threading
import time

import proxies
import pytest
from listening import accepted
from pushlab import serving
from tapping import tap, tapped

EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


@contextlib.contextmanager
def answering(*pieces, pause=0.0):
    """The port of a server that answers every request with these pieces, and closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        with connection, contextlib.suppress(OSError):
            asked.append(connection.recv(65_536))
            for piece in pieces:
                connection.sendall(piece if isinstance(piece, bytes) else piece.encode())
                time.sleep(pause)

    def serve():
        for connection in accepted(listener):
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    asked = []
    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


ODD = {
    "line feeds": ("data: a\n\ndata: b\n\n", [("message", "a"), ("message", "b")]),
    "carriage returns": ("data: a\r\rdata: b\r\r", [("message", "a"), ("message", "b")]),
    "both": ("data: a\r\n\r\ndata: b\r\n\r\n", [("message", "a"), ("message", "b")]),
    "a byte order mark": ("\ufeffdata: a\n\n", [("message", "a")]),
    "comments": (":\n: x\ndata: a\n:y\n\n", [("message", "a")]),
    "no blank, and two": ("data:a\ndata:  b\n\n", [("message", "a\n b")]),
    "empty data": ("data\n\ndata:\ndata\n\n", [("message", ""), ("message", "\n")]),
    "types": ("event: x\ndata: a\n\ndata: b\n\n", [("x", "a"), ("message", "b")]),
    "a colon in the data": ("data: a: b\n\n", [("message", "a: b")]),
    "an event that lacks its blank line": ("data: a\n\ndata: b\n", [("message", "a")]),
    "a retry and an id alone": ("retry: 9\n\nid: 3\n\ndata: a\n\n", [("message", "a")]),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_streams_are_read_as_the_standard_has_them(name):
    stream, events = ODD[name]
    with answering(f"{EVENTS}\r\n", stream) as (port, _):
        pieces, summary = tapped(f"http://127.0.0.1:{port}/")
    assert [(piece["name"], piece["text"]) for piece in pieces] == events
    assert summary["format"] == "event stream"


@pytest.mark.parametrize("stream, words", [
    (b"Data: a\n\n", "has a field 'Data', which readers ignore"),
    (b"retry: soon\ndata: a\n\n", "it takes digits alone"),
    (b"data: \xff\n\n", "is not UTF-8"),
    (b"id: a\0b\ndata: a\n\n", "an id with a NULL"),
    (b"event: a\n\n", "an event without data"),
    (b"data: a\n", "never dispatched"),
])
def test_broken_streams_are_named(stream, words):
    with answering(f"{EVENTS}\r\n", stream) as (port, _):
        _, summary = tapped(f"http://127.0.0.1:{port}/")
    assert any(words in fault for fault in summary["faults"]), summary["faults"]


def test_a_type_that_no_event_source_takes():
    with answering("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\ndata: a\n\n") as (port, _):
        _, summary = tapped(f"http://127.0.0.1:{port}/")
    assert any("text/event-stream alone" in fault for fault in summary["faults"])


SLOW = [f"data: {number}\n\n" for number in range(6)]


def test_a_slow_server_streams_and_bare_nginx_holds_it_back(tmp_path):
    """One that closes at the end, as servers do that speak HTTP/1.0 to nginx."""
    with answering(f"{EVENTS}\r\n", *SLOW, pause=0.2) as (port, _):
        assert tap(f"http://127.0.0.1:{port}/", "--check") == ("streams: 6 parts came in 6 arrivals\n", "", 0)
        with proxies.proxy(tmp_path, port, "nginx") as address:
            verdict, _, status = tap(address.plain, "--check")
        assert verdict.startswith("held back: 6 parts came at once") and "nginx" in verdict and status == 1
        with proxies.proxy(tmp_path, port, "nginx-tuned") as address:
            assert tap(address.plain, "--check")[2] == 0


def test_a_stream_that_is_cut_does_not_pass():
    with answering(f"{EVENTS}Content-Length: 999\r\n\r\n", *SLOW, pause=0.05) as (port, _):
        verdict, _, status = tap(f"http://127.0.0.1:{port}/", "--check")
    assert verdict == "cut: 6 parts came in 6 arrivals, and the connection ended before the response did\n" and status == 1


@pytest.mark.parametrize("configuration", ["nginx", "nginx-tuned"])
def test_this_servers_event_stream_passes_nginx_one_token_at_a_time(tmp_path, configuration):
    with serving() as address, proxies.proxy(tmp_path, int(address.rpartition(":")[2]), configuration) as proxy:
        pieces, summary = tapped(f"{proxy}/chat-stream?prompt=Hello&tokens=12&rate=20&jitter=0")
    assert summary["streams"] and summary["intermediary"] == "nginx"
    tokens = [piece for piece in pieces if piece["name"] == "message"]
    # One by one, but for what a busy machine brings together.
    assert len(tokens) == 12 and len({piece["read"] for piece in tokens}) > 6


def test_what_is_sent(tmp_path):
    question = tmp_path / "question.json"
    question.write_text('{"a": 1}')
    with answering("HTTP/1.1 204 No Content\r\n\r\n") as (port, asked):
        options = ["--post", str(question), "--header", "Authorization: Bearer x", "--last-event-id", "7"]
        tap(f"http://127.0.0.1:{port}/a?b", *options)
    head, _, body = asked[0].decode().partition("\r\n\r\n")
    assert head.startswith("POST /a?b HTTP/1.1\r\n") and body == '{"a": 1}'
    assert "\r\nAuthorization: Bearer x\r\n" in head + "\r\n" and "\r\nLast-Event-ID: 7\r\n" in head + "\r\n"
    assert f"\r\nHost: 127.0.0.1:{port}\r\n" in head + "\r\n"


def test_lines_and_sockets():
    with serving() as address:
        lines, said = tapped(f"{address}/chat-stream?prompt=Hello&tokens=5&rate=50", "--header", "Accept: application/x-ndjson")
        assert said["format"] == "lines" and said["streams"] and json.loads(lines[1]["text"])["index"] == 0
        _, socket_said = tapped(f"{address.replace('http', 'ws')}/echo", "--seconds", "2")
        assert socket_said["status"] == 101 and socket_said["ending"] == "its time was over"


def test_an_endless_stream_is_judged_when_its_time_is_over():
    endless = [f"Data: {number}\n\ndata: {number}\n\n" for number in range(200)]
    with answering(f"{EVENTS}\r\n", *endless, pause=0.1) as (port, _):
        pieces, summary = tapped(f"http://127.0.0.1:{port}/", "--seconds", "1.5")
    assert summary["ending"] == "its time was over" and summary["parts"] == len(pieces) > 3
    assert any("'Data'" in fault for fault in summary["faults"])


def test_a_reset_is_no_end():
    reset = struct.pack("ii", 1, 0)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        connection.recv(65_536)
        connection.sendall(f"{EVENTS}\r\ndata: a\n\n".encode())
        time.sleep(0.2)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        connection.close()

    with listener:
        threading.Thread(target=serve, daemon=True).start()
        pieces, summary = tapped(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    assert len(pieces) == 1 and "the connection broke" in summary["ending"]


def test_a_subprotocol_that_was_asked_for():
    """The answer to RFC 6455's own key would be no answer to this one: so the handshake fails, but not over the subprotocol."""
    answer = "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Protocol: chat\r\n\r\n"
    with answering(answer) as (port, asked):
        _, errors, _ = tap(f"ws://127.0.0.1:{port}/", "--header", "Sec-WebSocket-Protocol: chat")
    assert b"Sec-WebSocket-Protocol: chat" in asked[0] and "Accept is wrong" in errors


def test_what_came_with_a_mistake_is_shown():
    chunked = f"{EVENTS}Transfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\nno chunk\r\n"
    with answering(chunked) as (port, _):
        pieces, summary = tapped(f"http://127.0.0.1:{port}/")
    assert [piece["text"] for piece in pieces] == ["a"] and "a chunk that is none" in summary["ending"]


@pytest.mark.parametrize("coding", ["none", "", "UTF-8", "identity"])
def test_a_coding_that_is_none(coding):
    with answering(f"{EVENTS}Content-Encoding: {coding}\r\n\r\ndata: a\n\n") as (port, _):
        assert [piece["text"] for piece in tapped(f"http://127.0.0.1:{port}/")[0]] == ["a"]


def test_lines_that_end_as_in_windows():
    answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n1\r\n\r\n2\r\n"
    with answering(answer) as (port, _):
        assert [piece["text"] for piece in tapped(f"http://127.0.0.1:{port}/")[0]] == ["1", "2"]


def test_a_cut_stream_says_so():
    with answering(f"{EVENTS}Content-Length: 100\r\n\r\ndata: a\n\n") as (port, _):
        _, summary = tapped(f"http://127.0.0.1:{port}/")
    assert summary["ending"] == "the connection ended before the response did"


@pytest.mark.parametrize("answer", ["", "SSH-2.0-OpenSSH\r\n", "SSH-2.0-OpenSSH\r\n\r\n"])
def test_what_is_no_http(answer):
    with answering(answer) as (port, _):
        output, errors, status = tap(f"http://127.0.0.1:{port}/", "--check")
    assert "pushlab: the server sent no" in errors and errors.count("\n") == 1 and (output, status) == ("", 1)


@pytest.mark.parametrize("url, words", [
    ("http://127.0.0.1:1/", "Connection refused"),
    ("http://nowhere.invalid/", "there is no such host"),
    ("stream", "is no URL of a stream"),
])
def test_where_nothing_is(url, words):
    output, errors, status = tap(url, "--check")
    assert words in errors and errors.count("\n") == 1 and output == "" and status != 0


def test_no_tls_where_tls_was_asked_for():
    with serving() as address:
        _, errors, status = tap(address.replace("http", "https"), "--check")
    assert "TLS failed: wrong version number" in errors and errors.count("\n") == 1 and status == 1


def test_a_page_is_no_stream():
    with serving() as address:
        assert tap(f"{address}/", "--check")[2] == 1
        verdict, _, status = tap(f"{address}/nowhere", "--check")
    assert "404" in verdict and status == 1
