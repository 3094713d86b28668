import contextlib
import os
import pathlib
import subprocess

import pytest
from playwright.sync_api import expect

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PUSHLAB = PROJECT / ".build" / "debug" / "pushlab"

# The page's policy forbids the evaluation that wait_for_function needs, so the tests wait with these.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@contextlib.contextmanager
def serving(*arguments, **variables):
    """A real server on a free port; it ends with its standard input."""
    command = [PUSHLAB, "serve", "--port", "0", "--stop-at-end-of-input", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PUSHLAB_TOKEN"} | variables
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.stdin.close()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def server():
    with serving() as address:
        yield address
