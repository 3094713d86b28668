"""What stands between the readers and the silence: a server for each sign of life, and each proxy in front of each server."""

import contextlib
import itertools
import pathlib
import re
import subprocess
import tempfile

import proxies
from pushlab import serving

ALWAYS = ["nginx", "nginx-tuned", "haproxy", "haproxy-tuned", "caddy", "caddy-tuned"]
# They come with `make test-large-parts`.
LARGE = ["varnish", "varnish-tuned", "apache2", "apache2-tuned", "lighttpd", "lighttpd-tuned", "envoy", "envoy-tuned"]
NOBODY = "no proxy"
# How a program is asked for its version, where that is not -v.
VERSION = {"caddy": "version", "varnish": "-V", "envoy": "--version"}
NEVER = 3600


@contextlib.contextmanager
def standing(names, signs, changes=None):
    """The server's own address and the one to read at, by proxy and sign of life.

    `signs`: seconds of silence after which a stream gets a sign of life, None for never. `changes`: to the configurations,
    by name.
    """
    with contextlib.ExitStack() as stack:
        places = {}
        for sign in signs:
            seconds = NEVER if sign is None else sign
            limits = ["--heartbeat", seconds, "--idle-time", seconds, "--unread-time", NEVER, "--retention", NEVER]
            server = stack.enter_context(serving(*map(str, limits)))
            places[NOBODY, sign] = server, server
        for name, sign in itertools.product(names, signs):
            server, _ = places[NOBODY, sign]
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            port = int(server.rpartition(":")[2])
            proxied = stack.enter_context(proxies.proxy(folder, port, name, (changes or {}).get(name)))
            places[name, sign] = server, proxied.plain
        yield places


def shortened(factor):
    """Changes to the configurations that people begin with, so that each limit is this part of what it is by itself."""
    # Some take whole seconds alone.
    minute, write = round(60 / factor), round(360 / factor)
    half = f"{round(50_000 / factor)}ms"
    return {
        "nginx": {"proxy_pass http://{origin};": f"proxy_pass http://{{origin}}; proxy_read_timeout {minute}s;"},
        "haproxy": {"timeout client 50s": f"timeout client {half}", "timeout server 50s": f"timeout server {half}"},
        "varnish": {
            '.port = "{origin-port}";':
            f'.port = "{{origin-port}}"; .first_byte_timeout = {minute}s; .between_bytes_timeout = {minute}s;'
        },
        "apache2": {"Listen {address}": f"Timeout {minute}\nListen {{address}}"},
        "lighttpd": {
            'server.bind = "{host}"':
            f'server.bind = "{{host}}"\nserver.max-read-idle = {minute}\nserver.max-write-idle = {write}'
        },
        "envoy": {
            "route: {cluster: lab}": f"route: {{cluster: lab, timeout: {15 / factor}s}}",
            "stat_prefix: edge": f"stat_prefix: edge\n                stream_idle_timeout: {300 / factor}s",
        },
    }


def versions(names):
    """Of the programs, as they say it themselves."""
    programs = dict.fromkeys(name.partition("-")[0] for name in names)

    def version(program):
        said = subprocess.run([proxies.found(program), VERSION.get(program, "-v")], check=True, capture_output=True, text=True)
        return re.search(r"\d+(?:\.\d+)+", said.stdout + said.stderr)[0]

    return {program: version(program) for program in programs}
