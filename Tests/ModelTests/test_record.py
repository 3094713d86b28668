"""The script that recorded the trace of the real model."""

import json
import subprocess
import sys

from model_server import TEXT
from pushlab import PROJECT

RECORD = PROJECT / "experiments" / "traces" / "record.py"


def recorded(*options):
    return subprocess.run([sys.executable, RECORD, *options], capture_output=True, text=True, timeout=60)


def test_an_answer_becomes_a_trace(server):
    done = recorded(server, "tiny", "hi", "100", "A test's.")
    assert done.returncode == 0, done.stderr
    head, *tokens = map(json.loads, done.stdout.splitlines())
    assert head == {"trace": 1, "source": "A test's.", "model": "tiny", "prompt": "hi"}
    assert "".join(token["text"] for token in tokens) == TEXT
    instants = [token["ms"] for token in tokens]
    assert instants == sorted(instants) and instants[0] > 0


def test_a_question_that_is_refused_is_no_trace(server):
    done = recorded(server, "tiny", "hi", "0", "A test's.")
    assert done.returncode != 0 and not done.stdout
