"""The `pushlab` that people run, for tests: the release build, started so that it cannot outlive them."""

import contextlib
import os
import pathlib
import shlex
import subprocess
import urllib.parse

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PUSHLAB = PROJECT / ".build" / "release" / "pushlab"
# Written by `make build`: from when the sources are that it built.
BUILT = PUSHLAB.with_name("pushlab.built")
GUARDED = pathlib.Path(__file__).with_name("guarded")


def require_release_build():
    """Fails where the release build is missing or older than a source."""
    sources = [path for path in (PROJECT / "Sources").rglob("*") if path.is_file()]
    newest = max(path.stat().st_mtime for path in [*sources, PROJECT / "Package.swift"])
    is_built = PUSHLAB.exists() and BUILT.exists() and BUILT.stat().st_mtime >= newest
    assert is_built, f"{PUSHLAB} is missing or older than the sources: make build"


def links_can_be_made():
    """Whether this machine lets anybody make a link: no package brings what a kernel lacks."""
    ways = [["unshare", "--net", "true"], ["unshare", "--user", "--map-root-user", "--net", "true"]]
    may = any(subprocess.run(way, capture_output=True).returncode == 0 for way in ways)
    return may and os.access("/dev/net/tun", os.R_OK | os.W_OK)


def command_of_make(target):
    """The last command that `make TARGET` runs, word by word."""
    lines = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", target], cwd=PROJECT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return shlex.split(lines[-1])


class Served:
    """A server that runs, with its address, `http://HOST:PORT`."""

    def __init__(self, process):
        self.process = process
        self.address = process.stdout.readline().split()[-1]
        self.port = urllib.parse.urlsplit(self.address).port

    def __str__(self):
        return self.address

    @property
    def descriptors(self):
        """What it has open, by number."""
        folder = pathlib.Path(f"/proc/{self.process.pid}/fd")
        return {name: os.readlink(folder / name) for name in os.listdir(folder)}

    @property
    def processor_seconds(self):
        """User and system time that it has used so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Ends it as `kill` does. The number it exits with."""
        self.process.terminate()
        return self.process.wait(timeout=20)


@contextlib.contextmanager
def running(command, *, stdout=subprocess.PIPE, stderr=None, **variables):
    """A program of this project in a process of its own; whatever is left of it at the end is killed."""
    require_release_build()
    # A token that whoever runs the tests has set is no part of them.
    environment = {name: value for name, value in os.environ.items() if name != "PUSHLAB_TOKEN"} | variables
    process = subprocess.Popen(
        [GUARDED, *command],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        text=True,
        process_group=0,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


@contextlib.contextmanager
def started(command, **variables):
    """One that serves."""
    with running(command, **variables) as process:
        served = Served(process)
        yield served
        assert served.stop() == 0, f"the server ended with {process.returncode}"


@contextlib.contextmanager
def serving(*options, port=0, **variables):
    """A server on the loopback interface, on a free port unless one is named: its address."""
    with started([PUSHLAB, "serve", "--port", str(port), *options], **variables) as served:
        yield served.address


@contextlib.contextmanager
def making_serve():
    """What `make serve` starts, but on a free port of the loopback interface: its address."""
    command = command_of_make("serve")
    assert PROJECT / command[0] == PUSHLAB and command[1] == "serve"
    with started([*command, "--host", "127.0.0.1", "--port", "0"]) as served:
        yield served.address
