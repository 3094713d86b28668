"""What is counted of two runs after one another."""

import sys

from pushlab import PROJECT

sys.path.insert(0, str(PROJECT / "experiments"))

import random
from statistics import median

from next_run import expected_share, held  # noqa: E402


def report(**metrics):
    """Of one entry; a metric is its low end, its high end and its median, or a median without an interval."""
    def estimate(value):
        if not isinstance(value, tuple):
            return {"basis": "runs", "median": value, "least": value - 1, "greatest": value + 1}
        low, high, middle = value
        return {"basis": "runs", "median": middle, "interval": {"low": low, "high": high, "coverage": 0.97},
                "least": low, "greatest": high}

    return {"entries": [{"name": "websocket", "metrics": {
        name: {"unit": "ms", "estimate": estimate(value)} for name, value in metrics.items()}}]}


def test_an_interval_holds_the_next_median_its_ends_included():
    first = report(delay=(1, 3, 2), gap=(2, 4, 3), requests=(0.5, 0.6, 0.5))
    second = report(delay=(2, 5, 3), gap=(1, 7, 4), requests=(0.5, 0.7, 0.61))
    assert held(first, second) == {
        ("websocket", "delay"): True, ("websocket", "gap"): True, ("websocket", "requests"): False}


def test_what_never_varies_is_not_counted_but_what_varies_once_is():
    assert held(report(bytes=(7, 7, 7)), report(bytes=(7, 7, 7))) == {}
    assert held(report(bytes=(7, 7, 7)), report(bytes=(7, 9, 8))) == {("websocket", "bytes"): False}


def test_a_single_run_is_no_next_one():
    second = report(delay=2)
    second["entries"][0]["metrics"]["delay"]["estimate"]["basis"] = "trials"
    assert held(report(delay=(1, 3, 2)), second) == {}


def test_the_expected_share_is_what_chance_gives():
    draw, least, most = random.Random(7), *expected_share(6, 6)
    holds = 0
    for _ in range(20_000):
        first, second = ([draw.gauss(0, 1) for _ in range(6)] for _ in range(2))
        holds += min(first) <= median(second) <= max(first)
    assert 0.81 < least < holds / 20_000 < most < 0.95
    # Of an odd number the median is one value, and the two bounds are one.
    least, most = expected_share(10, 5)
    holds = 0
    for _ in range(20_000):
        first, second = sorted(draw.gauss(0, 1) for _ in range(10)), [draw.gauss(0, 1) for _ in range(5)]
        holds += first[1] <= median(second) <= first[8]
    assert least == most and abs(holds / 20_000 - least) < 0.01


def test_what_has_no_interval_over_runs_is_not_counted():
    first = report(delay=2, gap=(1, 3, 2), tpot=(1, 3, 2))
    first["entries"][0]["metrics"]["gap"]["estimate"]["basis"] = "trials"
    first["entries"][0]["metrics"]["ttft"] = {"unit": "ms", "tooFewSamples": 5}
    assert held(first, report(delay=(2, 5, 3), gap=(1, 3, 2), tpot=9)) == {("websocket", "tpot"): False}
