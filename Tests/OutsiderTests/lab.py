"""The lab's side: `pushlab run` in a process of its own, and the intervals that it reports."""

import contextlib
import csv
import random
import subprocess

from plan import EXPERIMENT, QUANTITIES, TRANSPORTS
from pushlab import PROJECT, PUSHLAB
from pushlab import running as running_program


class RunFailed(Exception):
    """With what the lab said."""


class LabRun:
    """One that goes on; `intervals` waits for its end."""

    def __init__(self, process, folder):
        self.process = process
        self.result = folder / "result"
        self.errors = folder / "errors"

    def intervals(self):
        """As the lab reports them, by transport and quantity.

        Raises `RunFailed` where a trial failed, as one does whose readers got no processor for seconds."""
        if self.process.wait(timeout=300) != 0:
            raise RunFailed(self.errors.read_text())
        report = [PUSHLAB, "report", self.result, "--format", "csv"]
        told = subprocess.run(report, check=True, cwd=PROJECT, capture_output=True, text=True, timeout=60).stdout
        cells = {(row["entry"], row["metric"]): row for row in csv.DictReader(told.splitlines())}
        wanted = [(transport, quantity) for transport in TRANSPORTS for quantity in QUANTITIES]
        return {cell: (float(cells[cell]["low"]), float(cells[cell]["high"])) for cell in wanted}


@contextlib.contextmanager
def running(folder):
    """A run of the experiment into a folder; whatever is left of it at the end is killed."""
    file = folder / "outsider.yml"
    # Another one each time, as the outsider's: schedules and phases that lie at an edge do so once.
    file.write_text(f"{EXPERIMENT}seed: {random.randrange(10**9)}\n")
    command = [PUSHLAB, "run", file, "--out", folder / "result"]
    with (
        (folder / "errors").open("w") as errors,
        running_program(command, stdout=subprocess.DEVNULL, stderr=errors) as process,
    ):
        yield LabRun(process, folder)
