"""What a test started ends with the runner of the tests, however that one ends."""

import pathlib
import signal
import subprocess
import sys
import time

from pushlab import making_serve, serving

SUPPORT = pathlib.Path(__file__).resolve().parents[1] / "Support"
RUNNER = """
import pushlab, time
with pushlab.started([pushlab.PUSHLAB, "serve", "--port", "0"]) as served:
    print(served.process.pid, flush=True)
    time.sleep(600)
"""


def is_running(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_runner_that_is_killed_leaves_no_server():
    runner = subprocess.Popen([sys.executable, "-c", RUNNER], cwd=SUPPORT, stdout=subprocess.PIPE, text=True)
    try:
        server = int(runner.stdout.readline())
        assert is_running(server)
    finally:
        runner.kill()
        assert runner.wait(timeout=20) == -signal.SIGKILL
        runner.stdout.close()
    end = time.monotonic() + 20
    while is_running(server):
        assert time.monotonic() < end, "the server goes on"
        time.sleep(0.01)


def test_the_server_of_make_serve_listens_on_a_free_port_of_its_own():
    with making_serve() as first, making_serve() as second, serving() as third:
        assert len({first, second, third}) == 3
        assert all(address.startswith("http://127.0.0.1:") for address in [first, second, third])
