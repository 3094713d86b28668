"""Proxies in front of a server, as the experiments configure them."""

import contextlib
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from pushlab import PROJECT, running

CONFIGURATIONS = PROJECT / "experiments" / "proxies"

# How each is started with its configuration, in the foreground.
ARGUMENTS = {
    "nginx": ["-e", "stderr", "-c"],
    "haproxy": ["-db", "-f"],
    "caddy": ["run", "--adapter", "caddyfile", "--config"],
}


@dataclass
class Proxied:
    """Where a proxy is reached, and whose signature its certificate has."""

    plain: str
    secure: str
    authority: Path

    def __str__(self):
        return self.plain


@contextlib.contextmanager
def proxy(folder, origin, name):
    """A proxy in front of what listens at that port of the loopback interface.

    `name` is that of a configuration, such as `nginx` or `nginx-tuned`; `folder` is for what it keeps.
    """
    program = name.partition("-")[0]
    template = next(CONFIGURATIONS.glob(f"{name}.c*"))
    plain, secure = (f"127.0.0.1:{free_port()}" for _ in range(2))
    text = template.read_text()
    values = {"folder": folder, "host": "127.0.0.1", "address": plain, "secure": secure}
    for word, value in {**values, "origin": f"127.0.0.1:{origin}"}.items():
        text = text.replace(f"{{{word}}}", str(value))
    configuration = folder / template.name
    configuration.write_text(text)
    certify(folder)
    path = shutil.which(program) or f"/usr/sbin/{program}"
    with running([path, *ARGUMENTS[program], configuration], stderr=subprocess.PIPE, HOME=str(folder)) as process:
        with process.stderr:
            wait_for(plain, process)
            yield Proxied(f"http://{plain}", f"https://{secure}", folder / "authority.pem")


def certify(folder):
    """A certificate for the loopback interface, signed by an authority that nobody else knows."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "7"]
    request = ["openssl", "req", "-x509", *curve]
    authority = ["-keyout", folder / "authority.pem.key", "-out", folder / "authority.pem", "-subj", "/CN=pushlab lab"]
    extensions = ["subjectAltName=IP:127.0.0.1,DNS:localhost", "basicConstraints=critical,CA:FALSE"]
    edge = ["-keyout", folder / "edge.pem.key", "-out", folder / "edge.pem", "-subj", "/CN=pushlab edge"]
    signed = ["-CA", folder / "authority.pem", "-CAkey", folder / "authority.pem.key"]
    added = [word for extension in extensions for word in ("-addext", extension)]
    for words in (authority, [*edge, *signed, *added]):
        subprocess.run([*request, *words], check=True, capture_output=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


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
