"""Proxies in front of a server, as the experiments configure them."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from pushlab import PROJECT, running

CONFIGURATIONS = PROJECT / "experiments" / "proxies"

# How each is started with its configuration, in the foreground.
VARNISH = ["-F", "-j", "none", "-T", "none", "-n", "{folder}", "-a", "{address}", "-f", "{file}"]
ARGUMENTS = {
    "nginx": ["-e", "stderr", "-c", "{file}"],
    "haproxy": ["-db", "-f", "{file}"],
    "caddy": ["run", "--adapter", "caddyfile", "--config", "{file}"],
    "varnish": VARNISH,
    # It says in no configuration how long a WebSocket may be silent.
    "varnish-tuned": [*VARNISH, "-p", "pipe_timeout=3600"],
    "apache2": ["-D", "FOREGROUND", "-f", "{file}"],
    "lighttpd": ["-D", "-f", "{file}"],
    "envoy": ["--disable-hot-restart", "--log-level", "critical", "--concurrency", "1", "--config-path", "{file}"],
}

# Those that speak no TLS by themselves.
IN_THE_CLEAR = ["varnish"]


@dataclass
class Proxied:
    """Where a proxy is reached, and whose signature its certificate has; `secure` is None where it speaks no TLS."""

    plain: str
    secure: str | None
    authority: Path

    def __str__(self):
        return self.plain


@contextlib.contextmanager
def proxy(folder, origin, name, changes=None):
    """A proxy in front of what listens at that port of the loopback interface.

    `name` is that of a configuration, such as `nginx` or `nginx-tuned`; `folder` is for what it keeps. `changes`: texts of
    the configuration, each with the one that takes its place.
    """
    program = name.partition("-")[0]
    template = next(CONFIGURATIONS.glob(f"{name}.*"))
    host, (port, secure_port) = "127.0.0.1", free_ports(2)
    plain, secure = f"{host}:{port}", f"{host}:{secure_port}"
    values = {
        "folder": folder,
        "file": folder / template.name,
        "host": host,
        "port": port,
        "address": plain,
        "secure": secure,
        "secure-port": secure_port,
        "origin": f"{host}:{origin}",
        "origin-host": host,
        "origin-port": origin,
    }

    def filled(text):
        for word, value in values.items():
            text = text.replace(f"{{{word}}}", str(value))
        return text

    configuration = template.read_text()
    for old, new in (changes or {}).items():
        assert old in configuration, f"{template.name} has no '{old}'"
        configuration = configuration.replace(old, new)
    values["file"].write_text(filled(configuration))
    certify(folder)
    arguments = map(filled, ARGUMENTS.get(name) or ARGUMENTS[program])
    with running([found(program), *arguments], stderr=subprocess.PIPE, HOME=str(folder)) as process:
        with process.stderr:
            proxied = Proxied(f"http://{plain}", f"https://{secure}", folder / "authority.pem")
            wait_for(plain, process)
            if program in IN_THE_CLEAR:
                proxied.secure = None
            else:
                wait_for(secure, process)
            yield proxied


def found(program):
    """Its path: pip puts programs beside Python, and Debian puts servers where users' shells do not look."""
    program = {"varnish": "varnishd"}.get(program, program)
    folders = [Path(sys.executable).parent, *os.get_exec_path(), "/usr/sbin"]
    path = shutil.which(program, path=os.pathsep.join(map(str, folders)))
    assert path, f"{program} is not installed"
    return path


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


def free_ports(count):
    with contextlib.ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


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
