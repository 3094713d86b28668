"""The model's server as bytes: how its stream is written, what it refuses, who gets the model, and how it ends."""

import json
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from model_server import MODEL, TEXT

ASKED = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}
FOREVER = ASKED | {"stream": True, "max_tokens": 10**8}
PATIENCE = 60


def exchanged(server, request):
    """All that comes back until the server closes the connection."""
    address = httpx.URL(server)
    with socket.create_connection((address.host, address.port), timeout=PATIENCE) as connection:
        connection.sendall(request.encode())
        with connection.makefile("rb") as reply:
            return reply.read()


def test_a_stream_is_events_up_to_done(server):
    with httpx.stream("POST", f"{server}/chat/completions", json=ASKED | {"stream": True}, timeout=PATIENCE) as reply:
        assert reply.headers["content-type"] == "text/event-stream"
        assert reply.headers["transfer-encoding"] == "chunked"
        *events, rest = "".join(reply.iter_text()).split("\n\n")
    assert rest == "" and events[-1] == "data: [DONE]"
    told = [json.loads(event.removeprefix("data: ")) for event in events[:-1]]
    assert all(set(each) == {"id", "object", "created", "model", "choices"} for each in told)
    assert "".join(each["choices"][0]["delta"].get("content", "") for each in told) == TEXT


def test_a_stream_to_http_1_0_ends_with_its_connection(server):
    body = json.dumps(ASKED | {"stream": True})
    head = f"POST /v1/chat/completions HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    head, _, body = exchanged(server, head + body).partition(b"\r\n\r\n")
    assert b"ransfer-" not in head
    assert body.startswith(b"data: {") and body.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(
    "status, method, path, changes",
    [
        (400, "POST", "/chat/completions", {"content": b"{"}),
        (400, "POST", "/chat/completions", {"content": b"[" * 100_000}),
        (400, "POST", "/chat/completions", {"content": b"\xff"}),
        (400, "POST", "/chat/completions", {"content": b"[]"}),
        (
            400,
            "POST",
            "/chat/completions",
            {"content": rb'{"model":"tiny","messages":[{"role":"user","content":"\ud83c"}]}'},
        ),
        (404, "POST", "/completions", {"json": ASKED}),
        (404, "GET", "/chat/completions", {}),
        (404, "GET", "", {}),
        (501, "DELETE", "/models/tiny", {}),
    ],
)
def test_an_error_is_an_object(server, status, method, path, changes):
    reply = httpx.request(method, f"{server}{path}", timeout=PATIENCE, **changes)
    assert reply.status_code == status
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    "status, field",
    [(411, "Transfer-Encoding: chunked"), (411, "Content-Length: -1"), (413, "Content-Length: 1048577")],
)
def test_a_body_of_no_stated_or_too_great_length_is_not_waited_for(server, status, field):
    reply = exchanged(server, f"POST /v1/chat/completions HTTP/1.1\r\nHost: tiny\r\n{field}\r\n\r\n")
    assert reply.startswith(f"HTTP/1.1 {status} ".encode()) and b'{"error": {' in reply


class Asking:
    """Somebody who has asked, on a connection of their own."""

    def __init__(self, port, body):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.reply = self.connection.makefile("rb")
        data = json.dumps(body).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: tiny\r\nContent-Length: {len(data)}\r\n\r\n"
        self.connection.sendall(head.encode() + data)

    def await_token(self):
        while b'"content": "t"' not in (line := self.reply.readline()):
            assert line, "the answer has ended"

    def leave(self):
        self.reply.close()
        self.connection.close()


def test_one_is_answered_at_a_time_and_who_leaves_is_answered_no_more(endless):
    first = Asking(endless.port, FOREVER)
    first.await_token()
    # The model is taken; its list is not.
    assert httpx.get(f"{endless}/models", timeout=PATIENCE).status_code == 200
    impatient = Asking(endless.port, FOREVER)
    whole = Asking(endless.port, ASKED | {"max_tokens": 10**8})
    last = Asking(endless.port, FOREVER)
    impatient.leave()
    first.await_token()
    last.connection.setblocking(False)
    with pytest.raises(BlockingIOError):
        last.connection.recv(1)
    last.connection.settimeout(PATIENCE)
    # Each of them would have it for years.
    whole.leave()
    first.leave()
    last.await_token()
    last.leave()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_it_answers(endless, number):
    reader = Asking(endless.port, FOREVER)
    reader.await_token()
    endless.process.send_signal(number)
    assert endless.process.wait(timeout=PATIENCE) == 0
    reader.leave()


def said_of_failure(*options):
    command = [sys.executable, MODEL / "serve.py", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1 and not done.stdout
    return done.stderr


def test_what_keeps_it_from_starting_is_said(models, endless, tmp_path):
    assert "Address already in use" in said_of_failure("--file", models / "text.gguf", "--port", str(endless.port))
    assert "No such file" in said_of_failure("--file", tmp_path / "none.gguf")
    (tmp_path / "text.gguf").write_text("no model at all, but many words of text")
    assert said_of_failure("--file", tmp_path / "text.gguf").startswith("serve.py: ")
