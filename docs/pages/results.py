"""Published results, each `experiments/NAME/result.json`, as `pushlab report` shows them."""

import fnmatch
import functools
import itertools
import json
import math
import pathlib
import re
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parents[2]


class Mistake(Exception):
    """What is wrong with a page or a result, in one line that says what to do."""


def said(command, subject):
    """What a command of the project prints. Raises `Mistake` where it fails, with what it was to show."""
    try:
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Mistake(f"{command[0]}: {error.strerror}: make build") from error
    if shown.returncode != 0:
        raise Mistake(f"{subject}: {shown.stderr.strip()}")
    return shown.stdout


class Results:
    def __init__(self, folder=PROJECT / "experiments", pushlab=PROJECT / ".build" / "release" / "pushlab"):
        self.folder = folder
        self.pushlab = pushlab

    def is_published(self, name):
        if not (self.folder / name / "experiment.yml").exists():
            raise Mistake(f"there is no experiment '{name}'")
        return (self.folder / name / "result.json").exists()

    @functools.cache
    def report(self, name, form):
        """What `pushlab report` prints of it."""
        return said([self.pushlab, "report", self.folder / name / "result.json", "--format", form], name)

    @functools.cache
    def _entries(self, name):
        return {entry["name"]: entry for entry in json.loads(self.report(name, "json"))["entries"]}

    def numbers(self, name, metric, pattern):
        """A metric of all entries whose names fit, such as `socket, *`, as the JSON report has it.

        Of a ledger's counts (`delivered`, `lost`, `duplicated`, `reordered`, `corrupted`) too.
        """
        entries = self._entries(name)
        fitting = [entry for entry in entries if entry == pattern] or fnmatch.filter(entries, pattern)
        if not fitting:
            raise Mistake(f"{name} has no entry '{pattern}'; its entries are {', '.join(entries)}")
        return [self._number(name, metric, entry) for entry in fitting]

    def _number(self, name, metric, entry):
        metrics, ledger = self._entries(name)[entry]["metrics"], self._entries(name)[entry]["ledger"]
        if metric in ledger:
            return {"unit": "tokens in all", "estimate": dict.fromkeys(["median", "least", "greatest"], ledger[metric])}
        if metric not in metrics:
            raise Mistake(f"{name} has no {metric} of '{entry}'")
        return metrics[metric]

    def settings(self, name, key):
        """The numbers that the experiment's file gives to a key, wherever in it the key stands."""
        file = self.folder / name / "experiment.yml"
        text = re.sub(r"#.*", "", file.read_text())
        found = re.findall(rf"(?:^|[\s{{,]){re.escape(key)}: *([\d.]+)", text, re.MULTILINE)
        if not found:
            raise Mistake(f"{file.name} of {name} gives no number to '{key}'")
        return list(dict.fromkeys(found))

    def disagreements(self, name):
        """What the result was run with that the experiment's file says otherwise today."""
        result = json.loads((self.folder / name / "result.json").read_text())
        return disagreements(result, (self.folder / name / "experiment.yml").read_text())


def disagreements(result, file):
    """What it was run with that the text of an experiment's file says otherwise; comments and blanks are no part of it."""
    if result.get("experimentFile"):
        then, now = bare(result["experimentFile"]), bare(file)
        return [] if then == now else [
            f"where it was '{before.strip()}' it is '{after.strip()}'" for before, after in first_difference(then, now)]
    texts = [result[key] for key in ("title", "question")]
    lines = [f"'{text}' does not stand in it" for text in texts if text not in file]
    for key in ("trials", "seed", "readers"):
        said = re.search(rf"^{key}: *(\d+)", file, re.MULTILINE)
        if said and int(said[1]) != result["plan"][key]:
            lines.append(f"{key} is {said[1]} in it and was {result['plan'][key]}")
    return lines


# What stands before a comment: quoted text, and a number sign that follows no blank, are no part of one.
UNCOMMENTED = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|(?<=\S)#|[^#])*""")


def bare(file):
    """Its lines without comments, and without those that hold nothing else."""
    lines = [UNCOMMENTED.match(line)[0].rstrip() for line in file.splitlines()]
    return [line for line in lines if line]


def first_difference(then, now):
    pairs = itertools.zip_longest(then, now, fillvalue="")
    return [next((before, after) for before, after in pairs if before != after)]


def text(number):
    """Three significant digits, whole from 100 on, as in all reports."""
    digits = 2 if abs(number) < 9.995 else 1 if abs(number) < 99.95 else 0
    scaled = math.floor(abs(number) * 10**digits + 0.5)
    return ("−" if number < 0 and scaled > 0 else "") + f"{scaled / 10**digits:.{digits}f}"


def median(number):
    """As text; what is counted whole has no digits behind the point, and what too few samples carry is a dash."""
    if "estimate" not in number:
        return "–"
    value = number["estimate"]["median"]
    is_counted = number["unit"] in ("tokens in all", "lines") and value == int(value)
    return str(int(value)) if is_counted else text(value)


def ends(number):
    """Of its interval, or of all trials where they carry none."""
    if "estimate" not in number:
        raise Mistake("the result has no such figure, because its samples are too few: say nothing of it")
    estimate = number["estimate"]
    interval = estimate.get("interval")
    return (interval["low"], interval["high"]) if interval else (estimate["least"], estimate["greatest"])
