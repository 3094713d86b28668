"""A trace as source: told with its pace, the same on every transport, and asked anew after a restart."""

import json

import httpx
import pytest
from pushlab import PUSHLAB, running, serving
from reading import read
from transports import TRANSPORTS

HEAD = {"trace": 1, "source": "by hand", "model": "none", "prompt": "Why?"}
# The third token splits a character, which the fourth completes.
LINES = [
    {"ms": 10, "text": "Hello"},
    {"ms": 20, "text": " "},
    {"ms": 30, "bytes": "f09f"},
    {"ms": 30, "bytes": "988a"},
    {"ms": 45.5, "text": "\n\"end\""},
]
TEXTS = ["Hello", " ", "", "😊", '\n"end"']


def written(folder, *lines):
    file = folder / "trace.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" if isinstance(line, dict) else line + "\n" for line in lines))
    return file


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_split_character_comes_whole_with_the_token_that_completes_it(tmp_path, transport):
    with serving("--source", "trace", str(written(tmp_path, HEAD, *LINES))) as address:
        stream = httpx.post(address + "/streams", json={"prompt": "Else?"}).json()["stream"]
        found = read(address, stream, transport)
        assert (found.texts, found.reason) == (TEXTS, "complete")
        offsets = httpx.get(f"{address}/streams/{stream}/schedule").json()["offsets"]
        assert offsets == [10_000_000, 20_000_000, 30_000_000, 30_000_000, 45_500_000]


def test_its_rest_is_asked_for_after_a_restart(tmp_path):
    trace = str(written(tmp_path, HEAD, *LINES))
    with serving("--source", "trace", trace) as address:
        started = httpx.post(address + "/streams", json={"prompt": "a"}).json()
    with serving("--source", "trace", trace) as address:
        again = {"prompt": "b", "from": 3, "epoch": started["epoch"]}
        stream = httpx.post(address + "/streams", json=again).json()["stream"]
        assert read(address, stream, "http-streaming").texts == TEXTS


@pytest.mark.parametrize(
    "lines, words",
    [
        ([HEAD, *LINES, {"ms": 1, "text": "a"}], "line 7: 'ms' runs backwards"),
        ([HEAD, "{"], "line 2: each token is"),
        ([LINES[0]], "line 1: a trace begins with"),
    ],
)
def test_a_bad_line_is_named(tmp_path, lines, words):
    trace = written(tmp_path, *lines)
    with running([PUSHLAB, "serve", "--port", "0", "--source", "trace", str(trace)], stderr=-1) as process:
        assert process.wait(timeout=20) == 2
        assert f"{trace}, {words}" in process.stderr.read()


@pytest.mark.parametrize(
    "options, words",
    [
        (["--source", "trace"], "--source trace takes a file"),
        (["--source", "trace", "/nowhere"], "the trace '/nowhere' cannot be read"),
        (["--source", "openai"], "--source openai takes --base-url URL and --model NAME"),
        (["--source", "openai", "--base-url", "localhost", "--model", "m"], "is not a base URL"),
        (["--source", "openai", "--base-url", "http://u:p@host/v1", "--model", "m"], "is not a base URL"),
        (["--model", "m"], "belong to --source openai"),
        (["file"], "only --source trace takes a file"),
        (["--source", "pigeon"], "script"),
    ],
)
def test_options_that_do_not_fit_are_told(options, words):
    with running([PUSHLAB, "serve", "--port", "0", *options], stderr=-1) as process:
        assert process.wait(timeout=20) == 2
        assert words in process.stderr.read()
