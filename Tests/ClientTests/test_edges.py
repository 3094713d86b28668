"""Real proxies in front of the server, in the clear and over TLS, read by clients that are not ours: who holds an event stream
back to its end, and a hundred streams on one connection."""

import asyncio
import json
import re
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import asynchronous
import proxies
import pytest
import websockets
from clients import PATIENCE, QUESTION, run, start
from pushlab import serving

# Of each proxy the configuration that people begin with, and the one that is made for streams.
ALWAYS = [
    "nginx", "nginx-tuned", "nginx-gzip", "nginx-gzip-tuned", "haproxy", "haproxy-tuned", "caddy", "caddy-tuned"
]
LARGE = [
    "varnish", "varnish-tuned", "apache2", "apache2-tuned", "lighttpd", "lighttpd-tuned", "envoy", "envoy-tuned"
]
EVERYWHERE = ["plain", "TLS, HTTP/1.1", "TLS, HTTP/2"]
HELD_BACK = {
    "nginx": EVERYWHERE,
    "lighttpd": EVERYWHERE,
    # It asks the server with HTTP/1.1. What passes through in pieces then is still gathered where it is encrypted or compressed.
    "nginx-gzip": ["TLS, HTTP/1.1", *(f"{way}, gzip" for way in EVERYWHERE)],
}

# Longer than a busy machine keeps a reader waiting; all readers are there before the first token.
SCHEDULE = {"tokens": 25, "rate": 25, "jitter": 0, "think": 0.4}


class Edge:
    def __init__(self, name, origin, proxied):
        self.name, self.origin, self.proxied = name, origin, proxied

    @property
    def ways(self):
        """Curl's words for each way to the server, by the version of HTTP that it sees there."""
        ways = {"plain": (self.proxied.plain, "1.1", [])}
        if self.proxied.secure:
            trusting = ["--cacert", str(self.proxied.authority)]
            ways["TLS, HTTP/1.1"] = (self.proxied.secure, "1.1", [*trusting, "--http1.1"])
            ways["TLS, HTTP/2"] = (self.proxied.secure, "2", [*trusting, "--http2"])
        if "gzip" in self.name:
            ways |= {f"{way}, gzip": (*how, [*words, "--compressed"]) for way, (*how, words) in ways.items()}
        return ways


def proxied(name, folder):
    with serving("--forwarding-hints", "none") as origin:
        port = int(origin.rpartition(":")[2])
        with proxies.proxy(folder, port, name) as edge:
            yield Edge(name, origin, edge)


@pytest.fixture(scope="module", params=[*ALWAYS, *(pytest.param(name, marks=pytest.mark.large) for name in LARGE)])
def edge(request, tmp_path_factory):
    # Paths with blanks are quoted in every configuration.
    yield from proxied(request.param, tmp_path_factory.mktemp(f"behind {request.param}"))


@pytest.fixture(scope="module")
def tuned(tmp_path_factory):
    yield from proxied("nginx-tuned", tmp_path_factory.mktemp("tuned"))


def assert_whole(stream, tokens):
    indices = [int(index) for index in re.findall(r'^data: \{"index":(\d+),', stream, re.MULTILINE)]
    assert indices == list(range(tokens)) and stream.count("event: done\n") == 1


def seconds_between_first_and_last(url, version, words):
    """Of the tokens of an event stream, which is there with its end."""
    command = ["curl", "--silent", "--show-error", "--no-buffer", "--write-out", "%{stderr}%{http_version}", *words, url]
    times, text = [], []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as curl:
        for line in curl.stdout:
            text.append(line)
            if line.startswith('data: {"index"'):
                times.append(time.monotonic())
        said = curl.stderr.read()
    assert curl.returncode == 0 and said == version, said
    assert_whole("".join(text), SCHEDULE["tokens"])
    return times[-1] - times[0]


def test_who_holds_an_event_stream_back_to_its_end(edge):
    stream = start(edge.origin, **SCHEDULE)
    readers = {"no proxy": (edge.origin, "1.1", [])} | edge.ways
    with ThreadPoolExecutor(len(readers)) as pool:
        reading = {
            way: pool.submit(seconds_between_first_and_last, stream.replace(edge.origin, address) + "/events", *how)
            for way, (address, *how) in readers.items()
        }
        seconds = {way: read.result(PATIENCE) for way, read in reading.items()}
    wanted = seconds.pop("no proxy")
    held = {way: took < wanted / 2 for way, took in seconds.items()}
    assert held == {way: way in HELD_BACK.get(edge.name, []) for way in edge.ways}, seconds


async def messages(address, trusting):
    # Not its other client, which reads and writes one TLS connection in two threads: Python loses a request now and then.
    async with websockets.connect(address, ssl=trusting, proxy=None) as socket:
        return [json.loads(message) async for message in socket]


def test_a_web_socket_to_its_end(edge):
    trusting = ssl.create_default_context(cafile=edge.proxied.authority)
    ways = {edge.proxied.plain: None, edge.proxied.secure: trusting}
    for address in filter(None, ways):
        stream = start(edge.origin).replace(edge.origin, address.replace("http", "ws", 1))
        reading = asyncio.wait_for(messages(f"{stream}/socket", ways[address]), PATIENCE)
        *tokens, last = asynchronous.run(reading)
        assert [token["index"] for token in tokens] == list(range(QUESTION["tokens"]))
        assert last["done"]["reason"] == "complete"


def test_who_trusts_another_authority_gets_nothing(edge, tmp_path):
    if edge.proxied.secure is None:
        pytest.skip("no TLS")
    proxies.certify(tmp_path)
    command = ["curl", "--silent", "--cacert", str(tmp_path / "authority.pem"), f"{edge.proxied.secure}/healthz"]
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE)
    # 60: the peer's certificate is not to be trusted.
    assert (done.returncode, done.stdout) == (60, b"")


READERS = 100
TOKENS = 40
QUICK_ANSWER = f"chat-stream?prompt=Together%3F&seed=1&jitter=0&tokens={TOKENS}&rate=5000"
SECONDS = 2
ANSWER = QUICK_ANSWER.replace("rate=5000", f"rate={TOKENS // SECONDS}")


def test_a_hundred_streams_on_one_connection_by_h2load(tuned):
    """It takes any certificate."""
    one = run("curl", "--silent", f"{tuned.origin}/{QUICK_ANSWER}")
    said = run("h2load", "-n", str(READERS), "-c", "1", "-m", str(READERS), f"{tuned.proxied.secure}/{ANSWER}")
    assert "Application protocol: h2\n" in said, said
    assert f"{READERS} succeeded, 0 failed, 0 errored, 0 timeout" in said, said
    assert f"status codes: {READERS} 2xx, 0 3xx, 0 4xx, 0 5xx" in said, said
    assert f"({READERS * len(one.encode())}) data" in said, said


def test_a_hundred_streams_on_one_connection_by_curl(tuned, tmp_path):
    written = run(
        "curl", "--silent", "--show-error", "--http2", "--cacert", str(tuned.proxied.authority),
        "--parallel", "--parallel-max", str(READERS), "--output", f"{tmp_path}/#1",
        "--write-out", "%{http_code} %{http_version} %{num_connects}\n",
        f"{tuned.proxied.secure}/{ANSWER}&reader=[1-{READERS}]",
    ).splitlines()
    assert len(written) == READERS and {line.rpartition(" ")[0] for line in written} == {"200 2"}
    assert sum(int(line.rpartition(" ")[2]) for line in written) == 1
    started = []
    for number in range(1, READERS + 1):
        stream = (tmp_path / str(number)).read_text()
        assert_whole(stream, TOKENS)
        started += map(int, re.findall(r'"started":(\d+)', stream))
    # In nanoseconds: the last began before the first was over.
    assert len(started) == READERS and max(started) - min(started) < SECONDS * 10**9 * (TOKENS - 1) / TOKENS
