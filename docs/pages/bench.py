#!/usr/bin/env python3
"""Keeps a bench's result beside its page: bench.py results/bench-TIME"""

import functools
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from keeping import first, keep, publishable, unfinished_or_untraced
from results import PROJECT, Mistake, said

KEPT = PROJECT / "bench" / "result.json"
BENCH = PROJECT / ".build" / "release" / "pushlab-bench"
PAGE = "docs/bench.md"
# As few as carry an interval: `Interval.fewestValues`, which a test compares.
FEWEST_TRIALS = 6


def refusal(result):
    """Why a bench is not to be published; nothing where it may be."""
    trials, turns = result["options"]["trials"], result["turns"]
    failures = {what for turn in turns if is_own(turn["subject"])
                for what in (turn.get("failure"), *turn.get("result", {}).get("failures", {})) if what}
    left_out = narrowed(result["command"])
    return first([
        *unfinished_or_untraced(result),
        (not turns, "nothing was measured in it: run it again"),
        (failures, f"the floor or pushlab failed in it: {'; '.join(sorted(failures))}"),
        (left_out, f"it left out some: run it without {', '.join(left_out)}"),
        (trials < FEWEST_TRIALS, f"its {trials} trials carry no interval: it takes {FEWEST_TRIALS}"),
    ])


def narrowed(command):
    """What it was told to leave out. Numbers of readers are a choice that the tables show."""
    return re.findall(r"--(?:servers|loads|transports|quick|rate|seconds|interval)\b", command)


def is_own(subject):
    """Whether a turn is of the floor or of pushlab. That another server fails is what a bench is to show."""
    who = subject["load"]["entry"]["server"] if "load" in subject else subject["requests"]["of"]
    return who.split()[0] in ("floor", "pushlab")


def publish(folder, kept=KEPT):
    result = publishable(folder / "bench.json", refusal, "a bench")
    # What cannot be shown is not to take the place of what can.
    tables(folder / "bench.json")
    return keep(result, kept)


@functools.cache
def tables(file=KEPT):
    """What a bench's result shows, whole."""
    with tempfile.TemporaryDirectory() as folder:
        shown = pathlib.Path(folder) / "shown"
        said([BENCH, "--report", file, "--out", shown], file)
        return (shown / "bench.md").read_text()


def filled(name, page):
    """The page `name`: where it is the one that shows the bench, as the published result gives it; else as it is."""
    return tables() if name == PAGE and KEPT.exists() else page


if __name__ == "__main__":
    try:
        if len(sys.argv) != 2 or not sys.argv[1]:
            raise Mistake("make bench-pages RESULT=results/bench-TIME: the folder of a bench")
        print(f"{publish(pathlib.Path(sys.argv[1])).relative_to(PROJECT)}: published")
    except Mistake as mistake:
        sys.exit(str(mistake))
