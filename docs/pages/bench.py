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
BLOCK = re.compile(r"(<!-- bench -->\n).*?(<!-- end bench -->)", re.DOTALL)
# As few as carry an interval.
FEWEST_TRIALS = 6


def refusal(result):
    """Why a bench is not to be published; nothing where it may be."""
    trials = result["options"]["trials"]
    return first([
        *unfinished_or_untraced(result),
        (trials < FEWEST_TRIALS, f"its {trials} trials carry no interval: it takes {FEWEST_TRIALS}"),
    ])


def publish(folder, kept=KEPT):
    return keep(publishable(folder / "bench.json", refusal, "a bench"), kept)


@functools.cache
def tables():
    """By page, what the published result shows there."""
    with tempfile.TemporaryDirectory() as folder:
        shown = pathlib.Path(folder) / "shown"
        said([BENCH, "--report", KEPT, "--out", shown], KEPT)
        return {"README.md": (shown / "summary.md").read_text(), "docs/bench.md": (shown / "bench.md").read_text()}


def filled(name, page):
    """The page `name`, of those that show the bench, as its published result gives it; another one as it is."""
    if name not in ("README.md", "docs/bench.md") or not KEPT.exists():
        return page
    if name == "docs/bench.md":
        return tables()[name]
    return BLOCK.sub(lambda found: found[1] + tables()[name] + found[2], page)


if __name__ == "__main__":
    try:
        if len(sys.argv) != 2 or not sys.argv[1]:
            raise Mistake("make bench-pages RESULT=results/bench-TIME: the folder of a bench")
        print(f"{publish(pathlib.Path(sys.argv[1])).relative_to(PROJECT)}: published")
    except Mistake as mistake:
        sys.exit(str(mistake))
