"""Counts what a process executes, with callgrind: nearly the same on every run, however loaded the machine is."""

import collections
import pathlib
import re
import subprocess

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]

ALLOCATIONS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"}
RETAINS = {"swift_retain", "swift_retain_n", "swift_bridgeObjectRetain", "swift_unknownObjectRetain"}


class Counts:
    """What was executed: instructions, allocations, references counted up."""

    def __init__(self, instructions, allocations, retains):
        self.instructions = instructions
        self.allocations = allocations
        self.retains = retains

    @classmethod
    def read(cls, paths):
        """From callgrind's files without compressed names."""
        calls = collections.Counter()
        callee = ""
        instructions = 0
        for line in (line for path in paths for line in path.read_text(errors="replace").splitlines()):
            if line.startswith("cfn="):
                callee = line[4:].split("'")[0]
            elif line.startswith("calls="):
                calls[callee] += int(line[6:].split()[0])
            elif match := re.match(r"totals:\s+(\d+)", line):
                instructions += int(match[1])
        return cls(instructions, *(sum(calls[name] for name in names) for names in (ALLOCATIONS, RETAINS)))

    def beyond(self, fewer, times):
        """What each of the `times` things costs that this has more than `fewer`."""
        return Counts(
            (self.instructions - fewer.instructions) / times,
            (self.allocations - fewer.allocations) / times,
            (self.retains - fewer.retains) / times,
        )

    def __repr__(self):
        return f"{self.instructions:.0f} instructions, {self.allocations:.2f} allocations, {self.retains:.2f} retains"


@pytest.fixture(scope="session")
def micro(tmp_path_factory):
    """The release command without its debug information, which is of a kind that valgrind 3.19 cannot read."""
    stripped = tmp_path_factory.mktemp("micro") / "pushlab-micro"
    release = PROJECT / ".build" / "release" / "pushlab-micro"
    subprocess.run(["strip", "--strip-debug", "-o", stripped, release], check=True)
    return stripped


@pytest.fixture
def cost(micro, tmp_path):
    """What an operation costs, done once more. Where a server serves, only that: the first thread reads it."""

    def count(operation, times, is_served):
        output = tmp_path / f"{times}"
        options = ["--separate-threads=yes", "--compress-strings=no", "--compress-pos=no", "--quiet"]
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", *options,
             micro, operation, "--count", str(times)],
            check=True, cwd=PROJECT, timeout=300,
        )
        threads = sorted(tmp_path.glob(f"{times}-*"))
        return Counts.read(threads[1:] if is_served else threads[:1])

    def cost(operation, times, is_served=False):
        few = count(operation, times, is_served)
        return count(operation, 3 * times, is_served).beyond(few, 2 * times)

    return cost
