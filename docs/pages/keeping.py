"""How a result, of an experiment or of the bench, is read, looked at and kept beside its page."""

import json

from results import Mistake


def unfinished_or_untraced(result):
    """Reasons not to publish it that hold of any result, each with whether it is so."""
    revision = result["environment"].get("revision")
    return [
        (result["isInterrupted"], "it was interrupted: let it end"),
        (result["environment"]["build"] != "release", "it is of a debug build: make build"),
        (not revision, "it does not say from which revision it was built: make build, and run it again"),
        (revision and revision["hasChanges"], "its sources were not committed: commit, make build, run it again"),
    ]


def first(reasons):
    return next((why for is_so, why in reasons if is_so), None)


def publishable(file, refusal, maker):
    """The result in `file`. Raises `Mistake` where `refusal` finds a reason, or where it is none of `maker`'s."""
    try:
        result = json.loads(file.read_text())
        why = refusal(result)
    except OSError as error:
        raise Mistake(f"{error.filename}: {error.strerror}: give the folder of {maker}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Mistake(f"{file}: not a result of {maker}, or cut short: run it again") from error
    if why:
        raise Mistake(f"{file} is not published: {why}")
    return result


def keep(result, file):
    """Writes it without blanks, whole or not at all. Returns the file. Raises `Mistake` where there is no room."""
    new = file.with_suffix(".new")
    try:
        new.write_text(json.dumps(result, separators=(",", ":"), sort_keys=True) + "\n")
        new.replace(file)
    except OSError as error:
        raise Mistake(f"{file}: {error.strerror}: it was not published") from error
    return file
