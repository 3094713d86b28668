"""`run --server`, of a server that takes connections and says nothing."""

import signal
import socket
import subprocess

from pushlab import PUSHLAB, running


def test_ctrl_c_does_not_wait_for_its_answer(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [PUSHLAB, "run", "01-typewriter", "--server", url, "--out", str(tmp_path / "out")]
        with running(command, stderr=subprocess.PIPE) as process, process.stderr:
            connection, _ = listener.accept()
            with connection:
                assert connection.recv(1_000).startswith(b"GET /transports HTTP/1.1")
                process.send_signal(signal.SIGINT)
                # By itself it would have ended with 1, once its patience was over.
                assert process.wait(timeout=20) == -signal.SIGINT
    assert not (tmp_path / "out").exists()
