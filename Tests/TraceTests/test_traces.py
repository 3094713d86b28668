"""The traces are what their page says, and those that a script makes are what it makes."""

import json
import subprocess
import sys

import pytest
from pushlab import PROJECT

FOLDER = PROJECT / "experiments" / "traces"
TRACES = sorted(FOLDER.glob("*.jsonl"))
MADE = ["fast-even", "long-thinking", "slow-uneven"]


def read(trace):
    """Its head and its tokens."""
    text = trace.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    head, *tokens = map(json.loads, text.splitlines())
    return head, tokens


def data(token):
    return bytes.fromhex(token["bytes"]) if "bytes" in token else token["text"].encode()


def test_there_are_four():
    assert [trace.stem for trace in TRACES] == sorted([*MADE, "smollm2"])


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.stem)
def test_a_trace_has_its_form(trace):
    head, tokens = read(trace)
    assert list(head) == ["trace", "source", "model", "prompt"] and head["trace"] == 1
    assert all(isinstance(head[key], str) and head[key] for key in list(head)[1:])
    assert all(list(token) in (["ms", "text"], ["ms", "bytes"]) for token in tokens)
    instants = [token["ms"] for token in tokens]
    assert instants == sorted(instants) and instants[0] >= 0
    assert all(instant == round(instant, 3) for instant in instants)
    assert all(map(data, tokens)) and b"".join(map(data, tokens)).decode()
    assert 100 <= len(tokens) <= 200


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.stem)
def test_bytes_are_those_of_no_whole_characters(trace):
    for token in read(trace)[1]:
        if "bytes" in token:
            assert token["bytes"] == data(token).hex()
            with pytest.raises(UnicodeDecodeError):
                data(token).decode()


def test_one_has_tokens_that_end_within_a_character():
    assert sum("bytes" in token for token in read(FOLDER / "slow-uneven.jsonl")[1]) > 4


def test_the_pacing_is_the_stated_one():
    for name, first, gap in [("fast-even", 250, 10), ("long-thinking", 8000, 25)]:
        instants = [token["ms"] for token in read(FOLDER / f"{name}.jsonl")[1]]
        assert instants == [first + index * gap for index in range(len(instants))]


def test_a_script_makes_them(tmp_path):
    subprocess.run([sys.executable, FOLDER / "make.py", tmp_path], check=True, timeout=60)
    assert sorted(path.stem for path in tmp_path.iterdir()) == MADE
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), f"{path.name}: run experiments/traces/make.py"
