"""`bench-openai` measures what it is told that a server does, and agrees with a plain reader of the same server."""

import json
import re
import socket
import statistics
import subprocess
import time

import pytest
from faulty import TEXTS
from laboratory import KEY
from pushlab import PUSHLAB, running, serving
from tap import Tap
from wire import wire

LAB = ["--model", "seeded-script"]
BRIEF = "Why is the sky blue, briefly?"
FIRST_TEXT = rb'"content": ?"[^"]'


def bench(base_url, *options, status=0, **variables):
    """What it writes to its output and its errors."""
    command = [PUSHLAB, "bench-openai", base_url, *options]
    with running(command, stderr=subprocess.PIPE, **variables) as process:
        with process.stderr:
            output, errors = process.stdout.read(), process.stderr.read()
        process.wait(timeout=20)
    assert process.returncode == status, errors
    return output, errors


def measured(base_url, file, *options, **variables):
    """What it measured, as it keeps it."""
    bench(base_url, "--output", str(file), *options, **variables)
    return json.loads(file.read_text())


def medians(result, times):
    return statistics.median(statistics.median(times(answer)) for answer in result["answers"])


def gaps(answer):
    return [after - before for before, after in zip(answer["textChunkMilliseconds"], answer["textChunkMilliseconds"][1:])]


@pytest.mark.parametrize("milliseconds", [20, 35])
def test_it_reads_the_pace_that_the_lab_is_asked_for(tmp_path, milliseconds):
    pace = {"pushlab": {"rate": 1000 / milliseconds, "jitter": 0, "think": 0.2}}
    with serving() as address:
        result = measured(
            f"{address}/v1", tmp_path / "result.json", *LAB, "--requests", "6", "--concurrency", "3", "--tokens", "40",
            "--extra-body", json.dumps(pace))
    assert len(result["answers"]) == 6 and all(answer["completionTokens"] == 40 for answer in result["answers"])
    assert medians(result, gaps) == pytest.approx(milliseconds, abs=1)
    per_token = [(answer["textChunkMilliseconds"][-1] - answer["textChunkMilliseconds"][0]) / 39 for answer in result["answers"]]
    assert statistics.median(per_token) == pytest.approx(milliseconds, abs=1)
    # The role's chunk comes at once, and is no token.
    assert medians(result, lambda answer: answer["textChunkMilliseconds"][:1]) == pytest.approx(200, rel=0.05)
    assert medians(result, lambda answer: answer["choiceChunkMilliseconds"][:1]) < 100


class PlainReader:
    """As plain as can be: a socket, a request that is written once, and a look at the bytes as they come."""

    def __init__(self, base_url):
        host, _, path = base_url.removeprefix("http://").partition("/")
        name, _, port = host.partition(":")
        asked = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": BRIEF}], "max_tokens": 200}
        body = json.dumps(asked | {"stream": True, "stream_options": {"include_usage": True}}).encode()
        head = f"POST /{path}/chat/completions HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
        self.request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
        self.socket = socket.create_connection((name, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def time_to_first_token(self):
        """Milliseconds from a request's sending to the first chunk that has a text."""
        start = time.perf_counter()
        self.socket.sendall(self.request)
        come, first = b"", None
        while not come.endswith(b"\r\n0\r\n\r\n"):
            come += self.socket.recv(65_536)
            now = time.perf_counter()
            if first is None and re.search(FIRST_TEXT, come):
                first = (now - start) * 1e3
        return first


@pytest.mark.large
def test_its_ttft_agrees_with_a_plain_reader(tmp_path, fakellm):
    """What each reads is held against what the wire shows of the very same answers: the model's own times differ from one
    run to the next by far more than one reader does from another."""
    port = int(re.search(r":(\d+)/", fakellm)[1])
    file = tmp_path / "result.json"
    options = ["--model", "gpt-4o-mini", "--requests", "250", "--prompt", BRIEF, "--output", file]

    def read_plainly():
        reader = PlainReader(fakellm)
        times = [reader.time_to_first_token() for _ in range(250)]
        reader.socket.close()
        return times

    def read_with_the_bench():
        bench(fakellm, *options)
        return [answer["textChunkMilliseconds"][0] for answer in json.loads(file.read_text())["answers"]]

    def beside_the_wire(read):
        with wire(port) as seen:
            times = read()
        shown = seen.times_to(FIRST_TEXT)[-len(times):]
        assert len(shown) == len(times)
        print(f"TTFT in the median: {statistics.median(times):.3f} ms, on the wire {statistics.median(shown):.3f} ms")
        return statistics.median(read / on_the_wire for read, on_the_wire in zip(times, shown))

    plain, ours = beside_the_wire(read_plainly), beside_the_wire(read_with_the_bench)
    # No reader can be before the wire.
    assert plain > 1 and ours > 1
    assert ours / plain == pytest.approx(1, abs=0.05)


def test_the_table_names_what_it_counts(fakellm):
    output, _ = bench(
        fakellm, "--model", "gpt-4o-mini", "--requests", "2", "--max-ttft", "60000", "--max-tpot", "0")
    for words in ["TTFT, ms", "inter-chunk latency, ms", "vLLM's TTFT, ms", "Goodput: 0 of 2 answers"]:
        assert words in output


@pytest.mark.parametrize("fault, words", [("401", "answered 401"), ("cut off", "ended its response"), ("reset", "broke the connection")])
def test_an_answer_that_fails_is_told_and_not_counted(model, fault, words):
    output, errors = bench(
        model.base_url, "--model", "faulty", "--requests", "3", "--prompt", fault, status=1, OPENAI_API_KEY=KEY)
    assert "0 of 1 answer," in output and f"1 of 1 answers failed: the model at 127.0.0.1:{model.port} {words}" in (
        " ".join(output.split()))
    assert KEY not in output + errors


def test_chunks_are_no_tokens(model, tmp_path):
    """One that merges tokens, and tells nothing of their number."""
    result = measured(model.base_url, tmp_path / "result.json", "--model", "faulty", "--requests", "2", "--prompt", "merged")
    assert [len(answer["textChunkMilliseconds"]) for answer in result["answers"]] == [2, 2]
    assert not any("completionTokens" in answer for answer in result["answers"])
    assert "inter_chunk_latency_ms" in result["figures"] and "tpot_ms" not in result["figures"]


def test_connections_are_used_again(tmp_path):
    with serving() as address:
        tap = Tap(address)
        options = ["--requests", "12", "--concurrency", "3", "--tokens", "5"]
        measured(f"{tap.address}/v1", tmp_path / "result.json", *LAB, *options)
        # Two ends each.
        assert len(tap.sockets) == 2 * 3
        tap.close()


def test_a_response_that_goes_on_behind_its_answer_is_left(model, tmp_path):
    options = ["--model", "faulty", "--requests", "3", "--prompt", "goes on"]
    result = measured(model.base_url, tmp_path / "result.json", *options)
    assert [len(answer["textChunkMilliseconds"]) for answer in result["answers"]] == [len(TEXTS)] * 3
    assert result["seconds"] < 30


@pytest.mark.parametrize("port", ["99999", "0"])
def test_a_port_that_is_none(port):
    _, errors = bench(f"http://127.0.0.1:{port}/v1", *LAB, status=2)
    assert "is not a base URL" in errors


def test_tokens_are_what_the_server_counts(model, tmp_path):
    result = measured(model.base_url, tmp_path / "result.json", "--model", "faulty", "--requests", "2", "--prompt", "nothing")
    assert [answer["completionTokens"] for answer in result["answers"]] == [17, 17]
    assert result["figures"]["tokens_per_chunk"]["median"] == pytest.approx(17 / len(TEXTS))


def test_where_the_first_answers_fail_no_more_are_asked_for(model):
    before = len(model.asked)
    bench(model.base_url, "--model", "faulty", "--requests", "50", "--concurrency", "2", "--prompt", "401", status=1)
    assert len(model.asked) - before == 2


def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(model):
    before = len(model.asked)
    _, errors = bench(model.base_url, "--model", "faulty", "--output", "/nowhere/result.json", status=1)
    assert "'/nowhere/result.json' cannot be written" in errors and len(model.asked) == before


@pytest.mark.parametrize("options, words", [
    (["--requests", "0"], "--requests takes a number from 1"),
    (["--concurrency", "0"], "--concurrency takes a number from 1"),
    (["--extra-body", "[]"], "--extra-body takes a JSON object"),
    (["--model", ""], "--model takes a name"),
    (["--max-ttft=-1"], "--max-ttft takes milliseconds"),
])
def test_wrong_input_is_named(options, words):
    _, errors = bench("http://127.0.0.1:1/v1", *LAB, *options, status=2)
    assert words in errors and errors.count("\n") == 1


def test_an_address_that_is_none():
    _, errors = bench("127.0.0.1", *LAB, status=2)
    assert "is not a base URL" in errors
