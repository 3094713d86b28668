import pathlib
import subprocess

import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def server():
    """The address of a real server on a free port; it ends with its standard input."""
    command = [PROJECT / ".build" / "debug" / "pushlab", "serve", "--port", "0", "--stop-at-end-of-input"]
    process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().split()[-1].removeprefix("http://").rstrip("/")
    finally:
        process.stdin.close()
        process.wait(timeout=20)
