"""`tap --every`: how it polls what is asked for again and again, this server's interface or another's."""

import contextlib
import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pushlab import serving
from tapping import tap, tapped


@contextlib.contextmanager
def polled(*answers, keeps=True):
    """The URL of a server that gives these answers, status and body, in turn, and the last one for ever; and what was asked."""
    asked, left = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            length = int(self.headers.get("Content-Length", 0))
            asked.append((self.path, self.rfile.read(length).decode(), self.client_address[1]))
            status, body = left.pop(0) if len(left) > 1 else left[0]
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


def test_a_body_is_sent_each_time(tmp_path):
    question = tmp_path / "question"
    question.write_text("{}")
    with polled((200, "{}"), DONE) as (url, asked):
        tapped(url, "--every", "0", "--post", str(question))
    assert [body for _, body, _ in asked] == ["{}", "{}"]


@pytest.mark.parametrize("keeps", [True, False])
def test_a_connection_is_kept_as_long_as_the_server_keeps_it(keeps):
    with polled((200, "1"), (200, "1"), (200, "2"), DONE, keeps=keeps) as (url, asked):
        answers, summary = tapped(url, "--every", "0.01")
    assert [answer["text"] for answer in answers[:3]] == ["1", "1", "2"] and summary["repetitions"] == 1
    assert len({port for _, _, port in asked}) == summary["connections"] == (1 if keeps else 4)


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
