"""What is observed: Chromium, a server that serves the page, and proxies in front of it, which speak TLS and HTTP/2."""

import base64
import contextlib
import dataclasses
import hashlib
import pathlib
import subprocess
import tempfile

import proxies
from playwright.sync_api import Browser
from pushlab import serving

PAGE = pathlib.Path(__file__).resolve().parent / "page"


@dataclasses.dataclass
class Stage:
    chromium: Browser
    server: str
    # Two of one configuration, so that one host has two ports.
    first: proxies.Proxied
    second: proxies.Proxied
    # By name, for what differs from one to the other.
    others: dict[str, proxies.Proxied]


NGINX = "nginx-tuned", {}


def nginx_that_allows(streams):
    return "nginx-tuned", {"keepalive_requests": f"http2_max_concurrent_streams {streams}; keepalive_requests"}


@contextlib.contextmanager
def staged(playwright, others):
    """All of it, with these proxies beside the two: by name, each with its configuration and what is changed in that."""
    with contextlib.ExitStack() as stack:
        port = proxies.free_ports(1)[0]

        def proxied(name, changes):
            folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
            return stack.enter_context(proxies.proxy(folder, port, name, changes))

        first, second, *rest = (proxied(*each) for each in [NGINX, NGINX, *others.values()])
        # A page of the first one asks other hosts, too.
        origins = [word for origin in (first.plain, first.secure) for word in ("--allow-origin", origin)]
        server = stack.enter_context(serving("--static", str(PAGE), *origins, port=port))
        # Chromium verifies certificates: beside those that an authority of its own vouches for, it takes these.
        keys = ",".join(key(each) for each in (first, second, *rest))
        words = ["--no-sandbox", f"--ignore-certificate-errors-spki-list={keys}"]
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=words)
        stack.callback(chromium.close)
        yield Stage(chromium, server, first, second, dict(zip(others, rest)))


def key(proxied):
    """The hash of the key in a proxy's certificate, as Chromium takes it."""
    certificate = proxied.authority.with_name("edge.pem")
    public = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], check=True, capture_output=True)
    words = ["openssl", "pkey", "-pubin", "-outform", "der"]
    der = subprocess.run(words, input=public.stdout, check=True, capture_output=True).stdout
    return base64.b64encode(hashlib.sha256(der).digest()).decode()
