"""Proxies in front of a server, as the experiments configure them."""

import contextlib
import socket
import subprocess
import time

from pushlab import PROJECT, running


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def nginx(folder, origin, name="nginx"):
    """Its address, in front of what listens at that port of the loopback interface.

    `name` is that of a configuration, `nginx` or `nginx-tuned`.
    """
    address = f"127.0.0.1:{free_port()}"
    text = (PROJECT / "experiments" / "proxies" / f"{name}.conf").read_text()
    for word, value in {"folder": folder, "address": address, "origin": f"127.0.0.1:{origin}"}.items():
        text = text.replace(f"{{{word}}}", str(value))
    configuration = folder / "nginx.conf"
    configuration.write_text(text)
    command = ["/usr/sbin/nginx", "-e", "stderr", "-c", configuration]
    with running(command, stderr=subprocess.PIPE) as process, process.stderr:
        wait_for(address, process)
        yield f"http://{address}"


def wait_for(address, process):
    """Until somebody listens there."""
    host, port = address.split(":")
    while True:
        assert process.poll() is None, process.stderr.read()
        try:
            socket.create_connection((host, int(port))).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.01)
