"""A bench is published whole, and pages show what it gives."""

import json
import sys

import pytest
from pushlab import PROJECT

sys.path.insert(0, str(PROJECT / "docs" / "pages"))

from bench import publish, refusal  # noqa: E402
from results import Mistake  # noqa: E402

REVISION = {"commit": "0" * 40, "hasChanges": False}
WHOLE = {
    "isInterrupted": False, "options": {"trials": 6}, "environment": {"build": "release", "revision": REVISION}, "turns": [],
}


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"isInterrupted": True}, "interrupted"),
        ({"options": {"trials": 3}}, "its 3 trials carry no interval"),
        ({"environment": {"build": "debug", "revision": REVISION}}, "debug"),
        ({"environment": {"build": "release"}}, "from which revision"),
        ({"environment": {"build": "release", "revision": REVISION | {"hasChanges": True}}}, "not committed"),
    ],
)
def test_what_nobody_should_rest_on_is_not_published(changes, words):
    assert refusal(WHOLE) is None
    assert words in refusal(WHOLE | changes)


def test_it_is_kept_in_one_line(tmp_path):
    (tmp_path / "bench.json").write_text(json.dumps(WHOLE, indent=2))
    publish(tmp_path, tmp_path / "kept.json")
    kept = (tmp_path / "kept.json").read_text()
    assert json.loads(kept) == WHOLE and kept.count("\n") == 1
    (tmp_path / "bench.json").write_text("{")
    with pytest.raises(Mistake, match="not a result"):
        publish(tmp_path, tmp_path / "kept.json")
    with pytest.raises(Mistake, match="folder of a bench"):
        publish(tmp_path / "nowhere", tmp_path / "kept.json")
