#!/usr/bin/env python3
"""Keeps a bench's result beside its page: bench.py results/bench-TIME"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from results import PROJECT, Mistake

KEPT = PROJECT / "bench" / "result.json"
BENCH = PROJECT / ".build" / "release" / "pushlab-bench"
BLOCK = re.compile(r"(<!-- bench -->\n).*?(<!-- end bench -->)", re.DOTALL)
# As few as carry an interval.
FEWEST_TRIALS = 6


def refusal(result):
    """Why a bench is not to be published; nothing where it may be."""
    revision = result["environment"].get("revision")
    return next(
        (why for is_so, why in [
            (result["isInterrupted"], "it was interrupted: let it end"),
            (result["options"]["trials"] < FEWEST_TRIALS,
             f"its {result['options']['trials']} trials carry no interval: it takes {FEWEST_TRIALS}"),
            (result["environment"]["build"] != "release", "it is of a debug build: make bench"),
            (not revision, "it does not say from which revision it was built: make build, and run it again"),
            (revision and revision["hasChanges"], "its sources were not committed: commit, and run it again"),
        ] if is_so), None)


def publish(folder, kept=KEPT):
    file = folder / "bench.json"
    try:
        result = json.loads(file.read_text())
        why = refusal(result)
    except OSError as error:
        raise Mistake(f"{error.filename}: {error.strerror}: give the folder of a bench") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Mistake(f"{file}: not a result of this bench, or cut short: run it again") from error
    if why:
        raise Mistake(f"{file} is not published: {why}")
    kept.write_text(json.dumps(result, separators=(",", ":"), sort_keys=True) + "\n")


def filled(name, page):
    """The page `name`, of those that show the bench, as its published result gives it; another one as it is."""
    if not KEPT.exists() or name not in ("README.md", "docs/bench.md"):
        return page
    with tempfile.TemporaryDirectory() as folder:
        command = [BENCH, "--report", KEPT, "--out", pathlib.Path(folder) / "shown"]
        try:
            shown = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            raise Mistake(f"{BENCH}: {error.strerror}: make pages builds it") from error
        if shown.returncode != 0:
            raise Mistake(f"{KEPT}: {shown.stderr.strip()}")
        if name == "docs/bench.md":
            return (pathlib.Path(folder) / "shown" / "bench.md").read_text()
        summary = (pathlib.Path(folder) / "shown" / "summary.md").read_text()
    return BLOCK.sub(lambda found: found[1] + summary + found[2], page)


if __name__ == "__main__":
    try:
        if len(sys.argv) != 2 or not sys.argv[1]:
            raise Mistake("make bench-pages RESULT=results/bench-TIME: the folder of a bench")
        publish(pathlib.Path(sys.argv[1]))
        print(f"{KEPT.relative_to(PROJECT)}: published")
    except Mistake as mistake:
        sys.exit(str(mistake))
