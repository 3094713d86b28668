#!/usr/bin/env python3
"""Watches what Chromium does with the files of `page`, and writes it down: observed.json, and the table of the page."""

import contextlib
import functools
import http.server
import pathlib
import re
import sys
import threading

from observed import keep
from playwright.sync_api import sync_playwright
from pushlab import serving
from tap import Tap

FOLDER = pathlib.Path(__file__).resolve().parent
WAYS = ["event-source", "streamed-fetch", "websocket", "long-polling", "short-polling"]
LABELS = ["EventSource", "streamed fetch", "WebSocket", "long polling", "short polling"]
CODES = ["plain", "whole"]
ACCESS_TOKEN = "an-access-token-of-a-page"
TOKENS = 60
QUESTION = {"prompt": "Why is the sky blue?", "tokens": TOKENS, "rate": 60, "think": 0.2, "jitter": 0}

# Asks, and keeps what comes.
ASK = """([way, code, server, question, accessToken]) => {
  window.seen = { text: "", count: 0, end: null };
  import(`/${code}/${way}.js`)
    .then(({ answer }) => answer(server, question, accessToken, (token) => {
      seen.text += token;
      seen.count += 1;
    }))
    .then(() => { seen.end = "whole"; }, (error) => { seen.end = error.message; });
}"""
REQUEST = re.compile(r"(GET|POST|OPTIONS) (/(?:streams|chat-\w+)[^ ]*) HTTP/1.1\r\n((?:[^\r]+\r\n)+)\r\n")


def lines(code, way):
    """How many a page's author writes: neither blank nor a comment."""
    text = (FOLDER / "page" / code / f"{way}.js").read_text()
    written = (line.strip() for line in text.splitlines())
    return sum(1 for line in written if line and not line.startswith(("//", "/*", "*")))


class Observer:
    """A page in Chromium, a server that wants an access token, and what stands between them."""

    def __init__(self, page, tap, elsewhere):
        self.page, self.tap, self.elsewhere = page, tap, elsewhere

    def ask(self, way, code, access_token=ACCESS_TOKEN, is_elsewhere=False):
        self.tap.said.clear()
        self.page.goto(self.elsewhere if is_elsewhere else self.tap.address)
        server = self.tap.address if is_elsewhere else ""
        self.page.evaluate(ASK, [way, code, server, QUESTION, access_token])

    def end(self):
        """What came of it, once anything has; a minute is more than the waits before coming back add up to."""
        self.page.wait_for_function("() => seen.end !== null", timeout=60_000)
        return self.page.evaluate("() => seen")

    @property
    def requests(self):
        """Method, target and fields of those for the answer."""
        text = b"".join(self.tap.said).decode(errors="replace")
        return [found.groups() for found in REQUEST.finditer(text)]

    def after_a_cut(self, way, code, seconds=0):
        """What comes of an answer whose connections are cut in its midst, and for so long none can be made."""
        self.ask(way, code)
        self.page.wait_for_function("() => seen.count >= 10", timeout=60_000)
        self.tap.is_away = seconds > 0
        self.tap.cut()
        if seconds:
            self.page.wait_for_timeout(seconds * 1000)
            self.tap.is_away = False
        seen = self.end()
        # Chromium makes a GET again where nothing of its answer had come, and that is so for some polls and not for others.
        if seconds == 0 and code == "plain" and way.endswith("polling") and not seen["end"].startswith("refused"):
            return "whole or lost"
        if seen["end"] != "whole":
            return "lost"
        return "whole" if seen["count"] == TOKENS else f"{seen['count']} tokens of {TOKENS}"

    def observe(self, way):
        self.ask(way, "plain")
        assert self.end()["count"] == TOKENS
        requests = self.requests
        # The last one is of the answer; of polls they all are.
        _, target, fields = requests[-1]
        self.ask(way, "plain", access_token="not-the-access-token")
        refused = self.end()["end"]
        self.ask(way, "plain", is_elsewhere=True)
        assert self.end()["count"] == TOKENS
        elsewhere = [method for method, _, _ in self.requests]
        return {
            "requests": "one" if len(requests) == 1 else "two" if len(requests) == 2 else "many",
            "answer": requests[-1][0],
            "header": "authorization: bearer" in fields.lower(),
            "address": "token=" in target,
            "refusal": "status" if "401" in refused else "closed",
            "preflights": "none" if "OPTIONS" not in elsewhere else "one" if elsewhere.count("OPTIONS") == 1 else "many",
            "after_a_cut": {code: self.after_a_cut(way, code) for code in CODES},
            "after_a_second_away": {code: self.after_a_cut(way, code, seconds=1) for code in CODES},
            "lines": {code: lines(code, way) for code in CODES},
        }


@contextlib.contextmanager
def file_server():
    """The same page from another origin: its address."""
    handler = functools.partial(Quiet, directory=FOLDER / "page")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def observing(chromium):
    """An observer with a browser of playwright's."""
    with file_server() as elsewhere:
        options = ["--static", str(FOLDER / "page"), "--token", ACCESS_TOKEN, "--allow-origin", elsewhere]
        with serving(*options) as server:
            tap = Tap(server)
            page = chromium.new_page()
            try:
                yield Observer(page, tap, elsewhere)
            finally:
                page.close()
                tap.close()


def table(observed):
    """As the page shows it."""
    yes = {True: "yes", False: "no"}
    rows = [
        ("requests for an answer", lambda way: way["requests"]),
        ("the question goes in a body", lambda way: "with the answer's request" if way["answer"] == "POST" else
            "in the first message" if way["requests"] == "one" else "in a request before it"),
        ("the answer's request has an `Authorization` header", lambda way: yes[way["header"]]),
        ("the access token stands in an address", lambda way: yes[way["address"]]),
        ("the page learns why it was refused", lambda way: yes[way["refusal"] == "status"]),
        ("preflights from another origin", lambda way: way["preflights"]),
    ]
    for code in CODES:
        rows += [
            (f"`{code}`: lines", lambda way, code=code: str(way["lines"][code])),
            (f"`{code}`: the answer after a cut", lambda way, code=code: way["after_a_cut"][code]),
            (f"`{code}`: after a second without a server", lambda way, code=code: way["after_a_second_away"][code]),
        ]
    head = ["| | " + " | ".join(LABELS) + " |", "|---|" + "---|" * len(WAYS)]
    return head + ["| " + " | ".join([name, *(cell(observed[way]) for way in WAYS)]) + " |" for name, cell in rows]


MARKED = re.compile(r"(<!-- observed -->\n).*?(<!-- end observed -->)", re.DOTALL)


def filled(text, observed):
    """The page's text with the table in its place."""
    return MARKED.sub(lambda found: found[1] + "\n".join(table(observed)) + "\n" + found[2], text)


def main():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with observing(chromium) as observer:
            observed = {way: observer.observe(way) for way in WAYS}
        chromium.close()
    keep(observed, FOLDER, filled)


if __name__ == "__main__":
    sys.exit(main())
