"""Whatever a model does wrong has a clear end on every transport, and what had come stays readable."""

import socket
import threading

import httpx
import pytest
from laboratory import KEY, laboratory
from faulty import TEXTS
from reading import read
from transports import TRANSPORTS

# What the readers are told, and how many tokens they have by then.
ENDS = {
    "401": ("answered 401: Incorrect API key provided: …", 0),
    "403": ("answered 403: not for you", 0),
    "429": ("answered 429: slow down; it asks to wait 20 s", 0),
    "500": ("answered 500: the model is ill", 0),
    "redirect": ("answered 302", 0),
    "html": ("answered with text/html instead of an event stream", 0),
    "no json": ("sent an event that is not JSON: <oops> …", len(TEXTS)),
    "large event": ("sent an event of more than 1048576 bytes", len(TEXTS)),
    "error": ("failed in the midst of its answer: overloaded, …", len(TEXTS)),
    "cut off": ("ended its response before the answer's end", len(TEXTS)),
    "empty reason": ("ended its response before the answer's end", len(TEXTS)),
    "error event": ("failed in the midst of its answer: overloaded", len(TEXTS)),
    "error object": ("failed in the midst of its answer: overloaded", len(TEXTS)),
    "error reason": ("failed in the midst of its answer: no words", len(TEXTS)),
    "silence": ("said nothing for 1 s", len(TEXTS)),
    "late silence": ("said nothing for 1 s", 0),
    "reset": ("", len(TEXTS)),
    "no http": ("cannot be read", 0),
}


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("fault", ENDS)
def test_each_fault_ends_each_transport(lab, model, fault, transport):
    words, count = ENDS[fault]
    found = read(lab.address, lab.start(fault), transport)
    assert found.texts == TEXTS[:count]
    assert found.reason == "failed"
    assert found.error.startswith(f"the model at 127.0.0.1:{model.port} {words}")
    assert "\n" not in found.error and KEY not in found.error and KEY[:12] not in found.error


WHOLE = [
    "nothing", "a character in two pieces", "byte by byte", "no done", "no last blank line", "blanks around done",
    "keep-alive events", "parts", "goes on", "impossible usage",
]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("way", WHOLE)
def test_what_is_no_fault_is_read_whole(lab, way, transport):
    found = read(lab.address, lab.start(way), transport)
    assert (found.texts, found.reason, found.error) == (TEXTS, "complete", None)


def test_chunks_are_kept_as_they_come(lab):
    assert read(lab.address, lab.start("merged"), "long-polling").texts == ["The sky", " is blue."]


def test_a_failed_answer_stays_readable(lab):
    stream = lab.start("cut off")
    first = read(lab.address, stream, "websocket")
    assert read(lab.address, stream, "short-polling").texts == first.texts == TEXTS
    state = httpx.get(f"{lab.address}/streams/{stream}").json()
    assert (state["reason"], state["error"], state["next"]) == ("failed", first.error, len(TEXTS))


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("place", ["refused", "unknown", "no tls"])
def test_a_model_that_cannot_be_reached(tmp_path, place, transport):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        # A server that speaks no TLS says something else.
        thread = threading.Thread(target=lambda: silent.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
        if place == "no tls":
            thread.start()
        else:
            silent.close()
        url = {
            "refused": f"http://127.0.0.1:{port}/v1",
            "unknown": "http://no-such-host.invalid/v1",
            "no tls": f"https://127.0.0.1:{port}/v1",
        }[place]
        words = {"refused": "cannot be reached", "unknown": "cannot be reached", "no tls": "cannot be spoken to over TLS"}
        with laboratory(url, tmp_path / "said") as lab:
            found = read(lab.address, lab.start("Why?"), transport)
        if place == "no tls":
            thread.join(timeout=20)
    host = url.split("/")[2]
    assert (found.texts, found.reason) == ([], "failed")
    assert found.error.startswith(f"the model at {host} {words[place]}"), found.error


def test_the_model_is_asked_what_the_reader_asks(lab, model):
    read(lab.address, lab.start("nothing", tokens=77), "long-polling")
    start, body = model.asked[-1]
    assert f"authorization: Bearer {KEY}".lower() in start.lower()
    assert body["messages"] == [{"role": "user", "content": "nothing"}]
    assert (body["model"], body["max_tokens"], body["stream"]) == ("faulty", 77, True)


def test_an_answer_that_is_given_once_is_gone_on_with_from_its_log(lab):
    started = httpx.post(lab.address + "/streams", json={"prompt": "nothing"}).json()
    assert started["epoch"] == started["stream"]
    read(lab.address, started["stream"], "long-polling")
    again = {"prompt": "nothing", "from": 3, "epoch": started["epoch"]}
    assert httpx.post(lab.address + "/streams", json=again).json()["stream"] == started["stream"]
    # Of another one, or of nobody knows which, there is nothing to go on with.
    for gone in ({"from": 3, "epoch": "0123456789abcdef"}, {"from": 3}):
        assert httpx.post(lab.address + "/streams", json={"prompt": "nothing"} | gone).status_code == 409


def test_a_chat_goes_on_behind_its_last_event(lab):
    url = lab.address + "/chat-stream?prompt=nothing"
    with httpx.stream("GET", url, headers={"accept": "text/event-stream"}) as response:
        text = "".join(response.iter_text())
    first = [line[4:] for line in text.splitlines() if line.startswith("id: ")][0]
    with httpx.stream("GET", url, headers={"accept": "text/event-stream", "last-event-id": first}) as response:
        rest = "".join(response.iter_text())
    ids = lambda text: [line for line in text.splitlines() if line.startswith("id: ")]
    assert ids(rest) == ids(text)[1:]
    unknown = {"accept": "text/event-stream", "last-event-id": "0123456789abcdef:3"}
    assert httpx.get(url, headers=unknown).status_code == 204


def test_a_failed_chat_says_so(lab, model):
    with httpx.stream("GET", lab.address + "/chat-stream?prompt=cut%20off") as response:
        text = "".join(response.iter_text())
    assert f'event: error\ndata: {{"error":"the model at 127.0.0.1:{model.port} ended' in text
    assert text.endswith("data: [STREAM_END]\n\n")


def test_a_schedule_is_not_made_up(lab):
    assert httpx.get(f"{lab.address}/streams/{lab.start('nothing')}/schedule").json()["offsets"] is None


def test_nobody_upstream_is_kept_waiting_for_a_stopped_answer(lab, model):
    stream = lab.start("silence")
    # By then the model is being read from.
    assert httpx.get(f"{lab.address}/streams/{stream}/long-poll").json()["tokens"]
    assert httpx.delete(f"{lab.address}/streams/{stream}").status_code == 204
    assert read(lab.address, stream, "websocket").reason == "stopped"
    for thread in model.threads[1:]:
        thread.join(timeout=20)
        assert not thread.is_alive()
