#!/usr/bin/env python3
"""Keeps a run's result beside its experiment's page: publish.py results/NAME-TIME"""

import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from keeping import first, keep, publishable, unfinished_or_untraced
from results import PROJECT, Mistake, disagreements


def refusal(result, file):
    """Why a result is not to be published; nothing where it may be.

    `file` is the text of the experiment's file.
    """
    overridden = re.findall(r"--(?:trials|seed|let-sleep|no-resume)\b", result["command"])
    # More runs than the file asks for say more, fewer less.
    asked = int((re.findall(r"^runs: *(\d+)", file, re.MULTILINE) or [1])[0])
    failures = {failure for trial in result["trials"] for failure in trial["failures"]}
    differing = disagreements(result, file)
    return first([
        (result["plan"]["isQuick"], "it is a quick look: run it without --quick"),
        *unfinished_or_untraced(result),
        (result.get("failure"), f"it failed: {result.get('failure')}"),
        (failures, f"readers failed in it: {'; '.join(sorted(failures))}"),
        (differing, f"it was not run as experiment.yml says: {'; '.join(differing)}"),
        (result["plan"]["runs"] < asked, f"it has {result['plan']['runs']} of {asked} runs that experiment.yml says"),
        (overridden, f"it was not run as experiment.yml says, but with {' '.join(overridden)}"),
    ])


def publish(run, experiments=PROJECT / "experiments"):
    """Copies it without blanks. Returns the new file's path."""
    def refused(result):
        return refusal(result, (experiments / result["experiment"] / "experiment.yml").read_text())

    result = publishable(run if run.is_file() else run / "result.json", refused, "an experiment's run")
    # Where it went at first is no part of how to make it again.
    result["command"] = re.sub(r" --out[ =]('[^']*'|\S+)", "", result["command"])
    return keep(result, experiments / result["experiment"] / "result.json")


if __name__ == "__main__":
    try:
        if len(sys.argv) != 2 or not sys.argv[1]:
            raise Mistake("make publish RUN=results/NAME-TIME: the folder of a run")
        print(f"{publish(pathlib.Path(sys.argv[1])).relative_to(PROJECT)}: published")
    except Mistake as mistake:
        sys.exit(str(mistake))
