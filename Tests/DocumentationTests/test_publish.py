"""Only whole runs of committed sources are published."""

import json
import sys

import pytest
from pushlab import PROJECT

sys.path.insert(0, str(PROJECT / "docs" / "pages"))

from publish import publish, refusal  # noqa: E402
from results import Mistake  # noqa: E402

REVISION = {"commit": "0" * 40, "hasChanges": False}


def whole(**changes):
    """A result that may be published, but for the changes."""
    return {
        "experiment": "01-a", "command": "pushlab run 01-a", "title": "A", "question": "B?", "isInterrupted": False, "trials": [{"failures": []}],
        "plan": {"isQuick": False, "runs": 1, "trials": 9, "seed": 1, "readers": 8},
        "environment": {"build": "release", "revision": REVISION},
    } | changes


FILE = "title: A\nquestion: B?\nreaders: 8\ntrials: 9\n"


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"plan": whole()["plan"] | {"isQuick": True}}, "quick look"),
        ({"plan": whole()["plan"] | {"trials": 3}}, "trials is 9 in it and was 3"),
        ({"question": "C?"}, "'C?' does not stand in it"),
        ({"experimentFile": "title: A\nquestion: B?\nreaders: 8\ntrials: 9\nrate: 9\n"}, "'rate: 9' it is ''"),
        ({"experimentFile": "title: A\nquestion: B?\nreaders: 8 # each\ntrials: 7\n"}, "'trials: 7' it is 'trials: 9'"),
        ({"experimentFile": FILE + "prompt: 'a #1'\n"}, "'prompt: 'a #1'' it is ''"),
        ({"command": "pushlab run 01-a --seed=2"}, "but with --seed"),
        ({"command": "pushlab run 01-a --let-sleep"}, "but with --let-sleep"),
        ({"isInterrupted": True}, "interrupted"),
        ({"failure": "no room"}, "no room"),
        ({"trials": [{"failures": ["gone"]}]}, "gone"),
        ({"environment": {"build": "debug", "revision": REVISION}}, "debug"),
        ({"environment": {"build": "release"}}, "from which revision"),
        ({"environment": {"build": "release", "revision": REVISION | {"hasChanges": True}}}, "not committed"),
    ],
)
def test_what_nobody_should_rest_on_is_not_published(changes, words):
    assert refusal(whole(), FILE) is None
    assert words in refusal(whole(**changes), FILE)
    assert "1 of 6 runs" in refusal(whole(), FILE + "runs: 6\n")
    # Comments, and how often it was run, are no other experiment.
    same = whole(experimentFile=f"# Twice.\n\n{FILE}", command="pushlab run 01-a --runs 6 --every 900")
    assert refusal(same, FILE) is None


def test_a_result_is_kept_small_beside_its_page(tmp_path):
    (tmp_path / "01-a").mkdir()
    (tmp_path / "01-a" / "experiment.yml").write_text(FILE)
    run = tmp_path / "run"
    run.mkdir()
    (run / "result.json").write_text(json.dumps(whole(), indent=2))
    kept = publish(run, tmp_path)
    assert kept == tmp_path / "01-a" / "result.json"
    assert json.loads(kept.read_text()) == whole() and kept.read_text().count("\n") == 1
    (run / "result.json").write_text("{")
    with pytest.raises(Mistake, match="not a result"):
        publish(run, tmp_path)
    with pytest.raises(Mistake, match="folder of an experiment's run"):
        publish(tmp_path / "nowhere", tmp_path)


@pytest.mark.parametrize("option", [" --out /a/b", " --out=/a/b", " --out '/a b/c'"])
def test_where_a_result_went_at_first_is_not_published(tmp_path, option):
    (tmp_path / "01-a").mkdir()
    (tmp_path / "01-a" / "experiment.yml").write_text(FILE)
    run = tmp_path / "result.json"
    run.write_text(json.dumps(whole(command=f"pushlab run 01-a{option} --runs 6")))
    assert json.loads(publish(run, tmp_path).read_text())["command"] == "pushlab run 01-a --runs 6"
