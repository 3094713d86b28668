"""Conversations of many turns: every way that 18-back-channel compares works, and its page says what was observed."""

import json
import sys

import asynchronous
import pytest
from pushlab import PROJECT, serving
from relay import Relay

FOLDER = PROJECT / "experiments" / "18-back-channel"
sys.path.insert(0, str(FOLDER))

from converse import TURNS, WAYS, converse, filled, question  # noqa: E402

OBSERVED = json.loads((FOLDER / "conversations.json").read_text())


def test_every_way_gets_all_answers():
    with serving() as address:
        took = converse(address, [1, 3], 1)
    # No answer comes before its schedule is over.
    own = question(0)["think"] + (question(0)["tokens"] - 1) / question(0)["rate"]
    for turns, ways in took.items():
        assert list(ways) == list(WAYS)
        for times in ways.values():
            assert times[0] >= int(turns) * own * 1e3


@pytest.mark.parametrize("way, connections", [
    ("POST, kept connection", 1), ("POST, new connections", 3), ("one WebSocket", 1), ("new WebSockets", 3),
])
def test_connections_are_kept_or_made_anew_as_is_said(way, connections):
    with serving() as address, Relay(int(str(address).rpartition(":")[2])) as relay:
        asynchronous.run(WAYS[way](relay.address, 3))
        assert len(relay.carried) == connections


def test_an_answer_that_is_cut_is_noticed():
    with serving("--max-answer-pieces", "3") as address, pytest.raises(AssertionError):
        asynchronous.run(WAYS["one WebSocket"](address, 1))


def test_the_page_says_what_was_observed():
    text = (FOLDER / "README.md").read_text()
    assert filled(text, OBSERVED) == text
    assert list(OBSERVED["milliseconds"]) == [str(turns) for turns in TURNS]
