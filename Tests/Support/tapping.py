"""`pushlab tap`, as it is called."""

import json
import subprocess

from pushlab import PUSHLAB, running


def tap(url, *options):
    """What it writes, its errors and its status."""
    with running([PUSHLAB, "tap", url, *options], stderr=subprocess.PIPE) as process:
        with process.stderr:
            output, errors = process.stdout.read(), process.stderr.read()
        return output, errors, process.wait(timeout=20)


def tapped(url, *options):
    """The pieces, and what is said of them."""
    output, errors, _ = tap(url, "--json", *options)
    assert errors == ""
    *pieces, summary = map(json.loads, output.splitlines())
    return pieces, summary
