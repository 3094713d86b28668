#!/usr/bin/env python3
"""Watches how many streams Chromium opens to a host, and writes it down: observed.json, and the marks of the page."""

import contextlib
import datetime
import json
import pathlib
import re
import subprocess
import sys
import urllib.request

import proxies
from observed import keep
from opening import Crowd, Patience, Tab
from playwright.sync_api import sync_playwright
from staging import NGINX, nginx_that_allows, staged
from telling import WAYS, filled

FOLDER = pathlib.Path(__file__).resolve().parent
# By what the page calls them, what Chromium does.
PROTOCOLS = {"HTTP/1.1": "http/1.1", "HTTP/2": "h2"}
# The beginning of both is there at once. Of the first nothing more comes in an hour, of the other two tokens a second.
SILENT = {"prompt": "Six connections", "tokens": 72, "burst": 36, "rate": 0.01, "jitter": 0, "think": 0}
FLOWING = {"prompt": "Six connections", "tokens": 10_000, "rate": 2, "jitter": 0, "think": 0}
# As many are opened at most: of streams more than any limit is expected to be, of short polls more than can be on their way
# at a time.
MOST = dict.fromkeys(WAYS, 600) | {"shortPolling": 30}
# Who says how many streams of HTTP/2 there may be.
ALLOWING = {
    "HAProxy": ("haproxy-tuned", {}),
    "nginx": NGINX,
    "nginx that allows 1000": nginx_that_allows(1000),
}
PATIENCE_MS = 1000
RUNS = 3


class Observer:
    def __init__(self, stage, patience_ms=PATIENCE_MS):
        self.stage = stage
        self.patience = Patience(stage.chromium.new_page(), stage.server, patience_ms)

    def observe(self, protocol, way, most):
        """What becomes of streams over this way, of which no more than so many are opened."""
        both = (self.stage.first, self.stage.second)
        own, other_port = (each.plain if protocol == "HTTP/1.1" else each.secure for each in both)
        silent = self.stream(SILENT)
        with self.profile() as profile, self.profile() as stranger:
            tab, second = Tab(profile.new_page(), own), Tab(profile.new_page(), own)
            with profile.expect_page() as opened:
                tab.page.evaluate("() => { window.open('about:blank'); }")
            third = Tab(opened.value, own)
            assert tab.protocol == PROTOCOLS[protocol], tab.protocol
            crowd = Crowd(tab, way, silent, self.patience).fill(most)
            found = {
                "open": len(crowd.places),
                "fetch": crowd.beside(tab, "ordinaryFetch"),
                "socket": crowd.beside(tab, "webSocket"),
            }
            if found["open"] == most:
                return found
            found["next"] = crowd.beside(tab, way)

            def more(tab, server=None):
                others = Crowd(tab, way, silent, self.patience, server).fill(most)
                others.empty()
                return len(others.places), others.denied

            found["other name"], _ = more(tab, own.replace("127.0.0.1", "localhost"))
            found["other port"], _ = more(tab, other_port)
            found["other profile"], _ = more(Tab(stranger.new_page(), own))
            found["tab it opened"] = crowd.beside(third, way)
            found["other tab"] = crowd.beside(second, way)
            # Of WebSockets even one that is closed brings no other there, so that this is not said to wait.
            found["more in other tab"], denied = more(second)
            found["behind these"] = {"waiting": "hears nothing", "failed": "fails"}[denied]
        with self.profile() as profile:
            flowing = Crowd(Tab(profile.new_page(), own), way, self.stream(FLOWING), self.patience).fill(found["open"])
            found["while tokens come"] = flowing.beside_while_tokens_come(3)
        return found

    def allowed(self, proxied, most):
        """How many streams of HTTP/2 are open to a proxy at the same time."""
        with self.profile() as profile:
            tab = Tab(profile.new_page(), proxied.secure)
            assert tab.protocol == PROTOCOLS["HTTP/2"], tab.protocol
            return len(Crowd(tab, "eventSource", self.stream(SILENT), self.patience).fill(most).places)

    def stream(self, question):
        request = urllib.request.Request(f"{self.stage.server}/streams", json.dumps(question).encode())
        with urllib.request.urlopen(request) as response:
            return json.load(response)["stream"]

    @contextlib.contextmanager
    def profile(self):
        """Pages that share what the pages of a browser share, and nothing with others. They may ask other hosts."""
        context = self.stage.chromium.new_context(bypass_csp=True)
        try:
            yield context
        finally:
            context.close()


def run(playwright):
    """The version of Chromium, and what was seen."""
    with staged(playwright, ALLOWING) as stage:
        observer = Observer(stage)
        ways = {protocol: {way: observer.observe(protocol, way, MOST[way]) for way in WAYS} for protocol in PROTOCOLS}
        allowed = {name: observer.allowed(proxied, MOST["eventSource"]) for name, proxied in stage.others.items()}
        return stage.chromium.version, {"ways": ways, "allowed": allowed}


def version(*command):
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return re.search(r"\d+(?:\.\d+)+", said.stdout + said.stderr)[0]


def main():
    with sync_playwright() as playwright:
        versions, runs = zip(*(run(playwright) for _ in range(RUNS)))
    observed = {
        "command": "make six-connections",
        "date": datetime.date.today().isoformat(),
        "versions": {
            "Chromium": versions[0],
            "nginx": version(proxies.found("nginx"), "-v"),
            "HAProxy": version(proxies.found("haproxy"), "-v"),
        },
        "patience_ms": PATIENCE_MS,
        "most": MOST,
        "runs": runs,
    }
    keep(observed, FOLDER, filled)


if __name__ == "__main__":
    sys.exit(main())
