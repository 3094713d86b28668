"""`tap --every`: how it polls what is asked for again and again, this server's interface or another's."""

import contextlib
import json
import socket
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pushlab import serving
from tapping import tap, tapped


@contextlib.contextmanager
def polled(*answers, keeps=True, patience=None):
    """The URL of a server that gives these answers, status and body, in turn, and the last one for ever; and what was asked.

    Without a body it closes. `patience`: how many seconds it lets a connection be idle.
    """
    asked, left = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = patience

        def do_GET(self):
            length = int(self.headers.get("Content-Length", 0))
            asked.append((self.path, self.rfile.read(length).decode(), self.client_address[1]))
            status, body = left.pop(0) if len(left) > 1 else left[0]
            if body is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if not keeps:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def question(tmp_path):
    (tmp_path / "question").write_text("{}")
    return ["--post", str(tmp_path / "question")]


DONE = (200, '{"next": 9, "done": true}')


@pytest.mark.parametrize("way, options", [("poll", ["--every", "0.05"]), ("long-poll", ["--every", "0"])])
def test_this_servers_polling_is_read_to_its_end(way, options):
    with serving() as address:
        question = json.dumps({"prompt": "Hello", "tokens": 20, "rate": 50}).encode()
        with urllib.request.urlopen(f"{address}/streams", question) as answer:
            stream = json.load(answer)["stream"]
        answers, summary = tapped(f"{address}/streams/{stream}/{way}?from={{next=0}}", *options)
    tokens = [token["index"] for answer in answers for token in json.loads(answer["text"])["tokens"]]
    assert tokens == list(range(20))
    assert summary["answers"] == len(answers) and summary["connections"] == 1 and "ending" not in summary


def test_the_next_request_says_what_the_last_answer_did():
    with polled((200, '{"next": 4, "at": "a b"}'), (200, "not JSON"), DONE) as (url, asked):
        tapped(f"{url}/x?from={{next=0}}&at={{at}}", "--every", "0")
    assert [path for path, _, _ in asked] == ["/x?from=0&at=", "/x?from=4&at=a%20b", "/x?from=4&at=a%20b"]


def test_a_body_is_sent_each_time(question):
    with polled((200, "{}"), DONE) as (url, asked):
        tapped(url, "--every", "0", *question)
    assert [body for _, body, _ in asked] == ["{}", "{}"]


@pytest.mark.parametrize("keeps", [True, False])
def test_a_connection_is_kept_as_long_as_the_server_keeps_it(keeps):
    with polled((200, "1"), (200, "1"), (200, "2"), DONE, keeps=keeps) as (url, asked):
        answers, summary = tapped(url, "--every", "0.01")
    assert [answer["text"] for answer in answers[:3]] == ["1", "1", "2"] and summary["repetitions"] == 1
    assert len({port for _, _, port in asked}) == summary["connections"] == (1 if keeps else 4)


@pytest.mark.parametrize("asks", [False, True])
def test_a_server_that_closes_what_is_idle_is_asked_again(question, asks):
    """It says nothing of it, as Node and uvicorn do not after five seconds."""
    options = question if asks else []
    with polled((200, "1"), (200, "2"), (200, "3"), DONE, patience=0.1) as (url, asked):
        answers, summary = tapped(url, "--every", "0.4", *options)
    assert [answer["text"] for answer in answers[:3]] == ["1", "2", "3"] and "ending" not in summary
    assert summary["connections"] == 4


def test_a_connection_that_breaks_ends_it_as_a_failure(question):
    with polled((200, "{}"), (200, None)) as (url, _):
        output, errors, status = tap(url, "--every", "0", *question)
    assert "ended because the server sent no answer" in output and (errors, status) == ("", 1)


def test_what_nobody_asked_for_is_no_answer():
    """A server that says good-bye on a connection that it let be idle."""
    whole = "HTTP/1.1 {} OK\r\nContent-Length: {}\r\n\r\n{}"
    done = whole.format(200, 14, '{"done": true}')
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        for answer, parting in [(whole.format(200, 1, "1"), whole.format(408, 0, "")), (done, "")]:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer.encode())
                time.sleep(0.1)
                connection.sendall(parting.encode())
                # Until the other end has gone.
                connection.recv(65_536)
                connection.recv(65_536)

    with listener:
        threading.Thread(target=serve, daemon=True).start()
        answers, summary = tapped(f"http://127.0.0.1:{listener.getsockname()[1]}/", "--every", "0.4")
    assert [answer["status"] for answer in answers] == [200, 200] and summary["connections"] == 2


def test_a_field_that_no_answer_has_is_named():
    with polled((200, '{"next": 1}'), DONE) as (url, _):
        output, _, _ = tap(f"{url}/?from={{nxt=0}}", "--every", "0")
    assert "no answer had a field 'nxt'" in output


@pytest.mark.parametrize("status", [204, 304])
def test_nothing_new_is_an_answer(status):
    with polled((status, ""), DONE) as (url, _):
        answers, _ = tapped(url, "--every", "0")
    assert [answer["status"] for answer in answers] == [status, 200]


def test_a_refusal_ends_it():
    with polled((200, "{}"), (404, "gone")) as (url, _):
        output, errors, status = tap(url, "--every", "0")
    assert "ended because the answer is 404 Not Found" in output and (errors, status) == ("", 1)


def test_its_time_is_over():
    with polled((200, "{}")) as (url, _):
        _, summary = tapped(url, "--every", "0.05", "--seconds", "0.5")
    assert summary["ending"] == "its time was over" and summary["answers"] > 1


@pytest.mark.parametrize("options, words", [
    (["--every", "0", "--check"], "--every asks again and again"),
    (["--every", "4000"], "--every takes a number of seconds"),
])
def test_what_does_not_go_together(options, words):
    _, errors, status = tap("http://127.0.0.1:1/", *options)
    assert words in errors and status != 0


def test_a_stream_is_not_polled():
    with serving() as address:
        _, errors, status = tap(f"{address}/chat-stream?prompt=Hello&tokens=20", "--every", "0")
    assert "is an event stream, which is asked for once" in errors and status == 1


def test_nobody_is_there():
    _, errors, status = tap("http://127.0.0.1:1/", "--every", "1")
    assert "Connection refused" in errors and errors.count("\n") == 1 and status == 1
