#!/usr/bin/env python3
"""Keeps a run's result beside its experiment's page: publish.py results/NAME-TIME"""

import json
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from results import PROJECT, Mistake, disagreements


def refusal(result, file):
    """Why a result is not to be published; nothing where it may be.

    `file` is the text of the experiment's file.
    """
    revision = result["environment"].get("revision")
    overridden = re.findall(r"--(?:trials|seed|let-sleep|no-resume)\b", result["command"])
    failures = {failure for trial in result["trials"] for failure in trial["failures"]}
    return next(
        (why for is_so, why in [
            (result["plan"]["isQuick"], "it is a quick look: run it without --quick"),
            (result["isInterrupted"], "it was interrupted: let it end"),
            (result.get("failure"), f"it failed: {result.get('failure')}"),
            (failures, f"readers failed in it: {'; '.join(sorted(failures))}"),
            (result["environment"]["build"] != "release", "it is of a debug build: make build"),
            (not revision, "it does not say from which revision it was built: make build, and run it again"),
            (revision and revision["hasChanges"], "its sources were not committed: commit, make build, run it again"),
            (disagreements(result, file),
             f"it was not run as experiment.yml says: {'; '.join(disagreements(result, file))}"),
            (overridden, f"it was not run as experiment.yml says, but with {' '.join(overridden)}"),
        ] if is_so), None)


def publish(run, experiments=PROJECT / "experiments"):
    """Copies it without blanks. Returns the new file's path."""
    file = run if run.is_file() else run / "result.json"
    try:
        result = json.loads(file.read_text())
        folder = experiments / result["experiment"]
        why = refusal(result, (folder / "experiment.yml").read_text())
    except OSError as error:
        raise Mistake(f"{error.filename}: {error.strerror}: give the folder of an experiment's run") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Mistake(f"{file}: not a result of this pushlab, or cut short: run the experiment again") from error
    if why:
        raise Mistake(f"{file} is not published: {why}")
    # Where it went at first is no part of how to make it again.
    result["command"] = re.sub(r" --out[ =]('[^']*'|\S+)", "", result["command"])
    kept = folder / "result.json"
    kept.write_text(json.dumps(result, separators=(",", ":"), sort_keys=True) + "\n")
    return kept


if __name__ == "__main__":
    try:
        if len(sys.argv) != 2 or not sys.argv[1]:
            raise Mistake("make publish RUN=results/NAME-TIME: the folder of a run")
        print(f"{publish(pathlib.Path(sys.argv[1])).relative_to(PROJECT)}: published")
    except Mistake as mistake:
        sys.exit(str(mistake))
