#!/usr/bin/env python3
"""Whether a run's intervals hold what the next run shows: next_run.py RESULT RESULT [RESULT ...], in their order.

Each is a folder or a result.json of the same experiment, of several runs each (`pushlab run NAME --runs 6`).
"""

import json
import math
import pathlib
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[1]
PUSHLAB = PROJECT / ".build" / "release" / "pushlab"
sys.path.insert(0, str(PROJECT / "docs" / "pages"))

from results import Mistake, said  # noqa: E402


def estimates(report):
    """By entry and metric."""
    return {
        (entry["name"], metric): number["estimate"]
        for entry in report["entries"]
        for metric, number in entry["metrics"].items()
        if "estimate" in number
    }


def varies(estimate):
    """What is the same in every trial, as bytes often are, would be held by any interval, and says nothing of it."""
    return estimate["least"] < estimate["greatest"]


def held(first, second):
    """Of the first one's intervals over runs, by entry and metric: whether each holds the second one's median over runs."""
    later = {place: estimate for place, estimate in estimates(second).items() if estimate["basis"] == "runs"}
    return {
        place: estimate["interval"]["low"] <= later[place]["median"] <= estimate["interval"]["high"]
        for place, estimate in estimates(first).items()
        if estimate["basis"] == "runs" and "interval" in estimate and place in later
        and (varies(estimate) or varies(later[place]))
    }


def expected_share(first, second, coverage=0.95):
    """How often the interval of `first` runs holds the median of `second` further ones where nothing changed.

    Less often than it holds the median of all runs, which is what its coverage says: the later median is uncertain too.
    Two bounds, for an even `second` has its median between two values.
    """
    rank = max(rank for rank in range(1, first // 2 + 1)
               if 1 - 2 * sum(math.comb(first, i) for i in range(rank)) / 2**first >= coverage)
    middle = [(second + 1) // 2, second // 2 + 1]
    # The later runs' k-th value lies below the interval where k of them come before `rank` of the first ones.
    return [1 - 2 * sum(math.comb(k + i - 1, i) * math.comb(first + second - k - i, first - i)
                        for i in range(rank)) / math.comb(first + second, first) for k in middle]


def runs(report):
    return max((each["count"] for each in estimates(report).values() if each["basis"] == "runs"), default=1)


def main(results):
    reports = [json.loads(said([PUSHLAB, "report", result, "--format", "json"], result)) for result in results]
    if len({report["experiment"] for report in reports}) > 1:
        raise Mistake("they are of several experiments: give results of one")
    if len({report["environment"]["date"] for report in reports}) < len(reports):
        raise Mistake("one of them is given twice: a run is no next one of itself")
    everything = []
    for number, (first, second) in enumerate(zip(reports, reports[1:])):
        found = held(first, second)
        if not found:
            sys.exit(f"{results[number]}, {results[number + 1]}: no intervals over runs: pushlab run NAME --runs 6")
        everything += found.values()
        print(f"{results[number]}: {sum(found.values())} of {len(found)} intervals over runs hold the next one's median")
        before, after = estimates(first), estimates(second)
        for place in (place for place, is_held in found.items() if not is_held):
            interval = before[place]["interval"]
            print("  {} {}: [{:.4g}, {:.4g}], then {:.4g}".format(
                *place, interval["low"], interval["high"], after[place]["median"]))
    for result, shown in zip(results, reports):
        doubts = sum(len(entry["doubts"]) for entry in shown["entries"])
        print(f"{result}: {doubts} doubts")
    print(f"in all: {sum(everything)} of {len(everything)}, {100 * sum(everything) / len(everything):.1f} %")
    least, most = (100 * share for share in expected_share(*map(runs, reports[:2])))
    print(f"where nothing changes between runs, {least:.0f} to {most:.0f} % are to be expected of so few")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        main(sys.argv[1:])
    except Mistake as mistake:
        sys.exit(str(mistake))
