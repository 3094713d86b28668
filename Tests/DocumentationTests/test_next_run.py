"""What is counted of two runs after one another."""

import sys

from pushlab import PROJECT

sys.path.insert(0, str(PROJECT / "experiments"))

from next_run import held  # noqa: E402


def report(**metrics):
    """Of one entry; a metric is its low end, its high end and its median, or a median without an interval."""
    def estimate(value):
        if not isinstance(value, tuple):
            return {"basis": "runs", "median": value}
        low, high, median = value
        return {"basis": "runs", "median": median, "interval": {"low": low, "high": high, "coverage": 0.97}}

    return {"entries": [{"name": "websocket", "metrics": {
        name: {"unit": "ms", "estimate": estimate(value)} for name, value in metrics.items()}}]}


def test_an_interval_holds_the_next_median_its_ends_included():
    first = report(delay=(1, 3, 2), bytes=(7, 7, 7), requests=(0.5, 0.6, 0.5))
    second = report(delay=(2, 5, 3), bytes=(7, 7, 7), requests=(0.5, 0.7, 0.61))
    assert held(first, second) == {
        ("websocket", "delay"): True, ("websocket", "bytes"): True, ("websocket", "requests"): False}


def test_what_has_no_interval_over_runs_is_not_counted():
    first = report(delay=2, gap=(1, 3, 2), tpot=(1, 3, 2))
    first["entries"][0]["metrics"]["gap"]["estimate"]["basis"] = "trials"
    first["entries"][0]["metrics"]["ttft"] = {"unit": "ms", "tooFewSamples": 5}
    assert held(first, report(delay=(2, 5, 3), gap=(1, 3, 2), tpot=9)) == {("websocket", "tpot"): False}
