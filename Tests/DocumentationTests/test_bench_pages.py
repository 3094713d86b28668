"""A bench is published whole, and pages show what it gives."""

import json
import sys

import pytest
from pushlab import PROJECT

sys.path.insert(0, str(PROJECT / "docs" / "pages"))

import bench  # noqa: E402
from bench import FEWEST_TRIALS, filled, publish, refusal  # noqa: E402
from results import Mistake  # noqa: E402

REVISION = {"commit": "0" * 40, "hasChanges": False}


def turn(server, failures):
    return {"subject": {"load": {"entry": {"server": server, "transport": "websocket"}, "shape": "chat"}},
            "result": {"failures": failures}}


WHOLE = {
    "command": "pushlab-bench --readers 1000", "isInterrupted": False, "options": {"trials": 6}, "environment": {"build": "release", "revision": REVISION},
    "turns": [turn("pushlab", {}), turn("flask", {"the connection was closed": 9})],
}


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"isInterrupted": True}, "interrupted"),
        ({"command": "pushlab-bench --servers pushlab --loads=chat"}, "without --servers, --loads"),
        ({"turns": []}, "nothing was measured"),
        ({"turns": [turn("floor", {"a token came before its instant": 1})]}, "before its instant"),
        ({"turns": [{"subject": {"requests": {"of": "pushlab short-polling"}}, "failure": "no answer"}]}, "no answer"),
        ({"options": {"trials": 3}}, "its 3 trials carry no interval"),
        ({"environment": {"build": "debug", "revision": REVISION}}, "debug"),
        ({"environment": {"build": "release"}}, "from which revision"),
        ({"environment": {"build": "release", "revision": REVISION | {"hasChanges": True}}}, "not committed"),
    ],
)
def test_what_nobody_should_rest_on_is_not_published(changes, words):
    assert refusal(WHOLE) is None
    assert words in refusal(WHOLE | changes)


def test_as_many_trials_as_an_interval_takes():
    assert f"fewestValues = {FEWEST_TRIALS}\n" in (PROJECT / "Sources" / "Measurement" / "Interval.swift").read_text()


def test_one_page_shows_it(monkeypatch):
    monkeypatch.setattr(bench, "tables", lambda: "| new |\n")
    assert filled("docs/bench.md", "| old |\n") == "| new |\n"
    assert filled("docs/other.md", "| old |\n") == "| old |\n"


def test_what_cannot_be_shown_does_not_take_the_place_of_what_can(tmp_path):
    (tmp_path / "bench.json").write_text(json.dumps(WHOLE))
    with pytest.raises(Mistake):
        publish(tmp_path, tmp_path / "kept.json")
    assert not (tmp_path / "kept.json").exists()


def test_it_is_kept_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "tables", lambda file: None)
    (tmp_path / "bench.json").write_text(json.dumps(WHOLE, indent=2))
    publish(tmp_path, tmp_path / "kept.json")
    kept = (tmp_path / "kept.json").read_text()
    assert json.loads(kept) == WHOLE and kept.count("\n") == 1
    (tmp_path / "bench.json").write_text('{"environment": null, "options": {"trials": 6}, "turns": []}')
    with pytest.raises(Mistake, match="not a result"):
        publish(tmp_path, tmp_path / "kept.json")
    (tmp_path / "bench.json").write_text("{")
    with pytest.raises(Mistake, match="not a result"):
        publish(tmp_path, tmp_path / "kept.json")
    with pytest.raises(Mistake, match="folder of a bench"):
        publish(tmp_path / "nowhere", tmp_path / "kept.json")
