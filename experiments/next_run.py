#!/usr/bin/env python3
"""Whether a run's intervals hold what the next run shows: next_run.py RESULT RESULT [RESULT ...], in their order.

Each is a folder or a result.json of the same experiment, of several runs each (`pushlab run NAME --runs 6`).
"""

import json
import pathlib
import subprocess
import sys

PUSHLAB = pathlib.Path(__file__).resolve().parents[1] / ".build" / "release" / "pushlab"


def report(result):
    shown = subprocess.run([PUSHLAB, "report", result, "--format", "json"], capture_output=True, text=True, check=False)
    if shown.returncode != 0:
        sys.exit(f"{result}: {shown.stderr.strip()}")
    return json.loads(shown.stdout)


def estimates(report):
    """By entry and metric."""
    return {
        (entry["name"], metric): number["estimate"]
        for entry in report["entries"]
        for metric, number in entry["metrics"].items()
        if "estimate" in number
    }


def held(first, second):
    """Of the first one's intervals over runs, by entry and metric: whether each holds the second one's median."""
    later = estimates(second)
    return {
        place: estimate["interval"]["low"] <= later[place]["median"] <= estimate["interval"]["high"]
        for place, estimate in estimates(first).items()
        if estimate["basis"] == "runs" and "interval" in estimate and place in later
    }


def main(results):
    reports = [report(result) for result in results]
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


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1:])
