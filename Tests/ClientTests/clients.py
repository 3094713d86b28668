"""Clients as people have them, with their defaults: each gets an address, or posts to it, and says status and text."""

import http.client
import json
import subprocess
import urllib.parse
import urllib.request

import aiohttp
import asynchronous
import httpx
import requests

# What all of them read the answer of.
QUESTION = {"prompt": "Which client?", "tokens": 20, "rate": 500, "think": 0.05}
# Seconds; nothing here takes a tenth of it but on a busy machine.
PATIENCE = 60


def start(server, **changes):
    """A stream, asked for by a client that is none of those tested."""
    request = urllib.request.Request(f"{server}/streams", json.dumps(QUESTION | changes).encode())
    with urllib.request.urlopen(request, timeout=30) as reply:
        return f"{server}/streams/{json.load(reply)['stream']}"


def run(*command, input=None):
    done = subprocess.run(command, input=input, capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}: {done.stderr.decode()}"
    return done.stdout.decode()


class Curl:
    def get(self, address):
        text, _, status = run("curl", "--silent", "--write-out", "\n%{http_code}", address).rpartition("\n")
        return int(status), text

    def post(self, address, body):
        command = ["curl", "--silent", "--write-out", "\n%{http_code}", "--data", body, address]
        text, _, status = run(*command).rpartition("\n")
        return int(status), text


class Wget:
    """It says a status only where it is one of an error, by failing."""

    def get(self, address):
        return 200, run("wget", "--quiet", "--output-document=-", address)

    def post(self, address, body):
        return 201, run("wget", "--quiet", "--output-document=-", f"--post-data={body}", address)


class HTTPClient:
    """One connection for all requests, as a program that knows its server has it."""

    connection = None

    def request(self, method, address, body=None):
        parts = urllib.parse.urlsplit(address)
        if self.connection is None:
            self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
        target = urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
        self.connection.request(method, target, body)
        reply = self.connection.getresponse()
        return reply.status, reply.read().decode()

    def get(self, address):
        return self.request("GET", address)

    def post(self, address, body):
        return self.request("POST", address, body)


class Requests:
    def __init__(self):
        self.session = requests.Session()

    def get(self, address):
        reply = self.session.get(address, timeout=PATIENCE)
        reply.encoding = "utf-8"
        return reply.status_code, reply.text

    def post(self, address, body):
        reply = self.session.post(address, data=body, timeout=PATIENCE)
        return reply.status_code, reply.text


class HTTPX:
    def __init__(self):
        self.client = httpx.Client(timeout=PATIENCE)

    def get(self, address):
        with self.client.stream("GET", address) as reply:
            return reply.status_code, "".join(reply.iter_text())

    def post(self, address, body):
        reply = self.client.post(address, content=body)
        return reply.status_code, reply.text


class AIOHTTP:
    """One session for all requests."""

    def __init__(self):
        self.loop = asynchronous.Loop()
        self.session = None

    async def request(self, method, address, body):
        if self.session is None:
            self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE))
        async with self.session.request(method, address, data=body) as reply:
            return reply.status, await reply.text("utf-8")

    def get(self, address):
        return self.loop.run(self.request("GET", address, None))

    def post(self, address, body):
        return self.loop.run(self.request("POST", address, body))

    def close(self):
        self.loop.run(self.session.close())
        self.loop.close()


CLIENTS = [Curl, Wget, HTTPClient, Requests, HTTPX, AIOHTTP]
