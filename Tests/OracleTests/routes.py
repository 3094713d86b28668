"""What the server has, and what it answers when it is asked in order."""

import dataclasses
import json
import re
import urllib.parse
from collections.abc import Callable

from pushlab import PROJECT

KNOWN_METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH")
READING = ("GET", "HEAD", "OPTIONS")
TOKENS = 5


@dataclasses.dataclass(frozen=True)
class Route:
    """A path's answers: by method the status, and what a whole answer to GET or POST must have in it."""

    pattern: str
    methods: tuple[str, ...]
    status: int
    holds: Callable[[str, bytes], bool] = lambda target, body: True
    # The path is not there, which is said before anything of its methods.
    is_missing: bool = False


def holds_page(target, body):
    """Tokens from the index that was asked for, to the stream's end."""
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)
    start = int(asked.get("from", ["0"])[0])
    page = json.loads(body)
    return [token["index"] for token in page["tokens"]] == list(range(start, TOKENS)) and page["done"]


def holds_events(target, body):
    return body.count(b"\ndata: ") >= TOKENS and b"event: done\n" in body


def holds_file(target, body):
    path = path_of(target).lstrip("/") or "index.html"
    return body == (PROJECT / "static" / path).read_bytes()


def routes(stream, stopped):
    """The paths that connections ask for.

    - stream: one that has ended, of TOKENS tokens.
    - stopped: one that anybody may stop.
    """
    return [
        Route(r"/healthz", READING, 200, lambda _, body: json.loads(body)["status"] == "ok"),
        Route(r"/transports", READING, 200, lambda _, body: "websocket" in json.loads(body)),
        Route(r"/metrics", READING, 200, lambda _, body: b"pushlab_streams_started_total" in body),
        Route(r"/streams", ("POST", "OPTIONS"), 201, lambda _, body: "stream" in json.loads(body)),
        Route(rf"/streams/{stream}", ("GET", "HEAD", "DELETE", "OPTIONS"), 200),
        Route(rf"/streams/{stopped}", ("GET", "HEAD", "DELETE", "OPTIONS"), 200),
        Route(rf"/streams/{stream}/(poll|long-poll)", READING, 200, holds_page),
        Route(rf"/streams/{stream}/events", READING, 200, holds_events),
        Route(rf"/streams/{stream}/schedule", READING, 200, lambda _, body: len(json.loads(body)["offsets"]) == TOKENS),
        Route(r"/streams/[0-9a-f]{16}/(poll|long-poll|events|schedule)", READING, 404),
        Route(r"/chat-stream", (*READING, "POST"), 200, lambda _, body: b"[STREAM_END]" in body),
        Route(r"/echo", READING, 426),
        Route(r"/(|main\.js|lab\.css|transports/websocket\.js)", READING, 200, holds_file),
        Route(r".*", READING, 404, is_missing=True),
    ]


def path_of(target):
    """The path that is asked for, decoded; that of a whole URI too (RFC 9112, section 3.2.2)."""
    whole = re.match(r"https?://[^/?]*", target, re.IGNORECASE)
    rest = target[whole.end() :] if whole else target
    path = rest.partition("?")[0] or "/"
    return urllib.parse.unquote(path, errors="replace")


def status_of(routes, method, target, body):
    """The status of a request that is in order, and the route that it takes."""
    path = path_of(target)
    route = next(route for route in routes if re.fullmatch(route.pattern, path, re.DOTALL))
    if route.is_missing:
        return {404}, route
    if method not in route.methods:
        return {405}, route
    if method == "OPTIONS" or method == "DELETE":
        return {204}, route
    if method == "POST" and not is_question(body):
        return {400}, route
    return {route.status}, route


def is_question(body):
    try:
        question = json.loads(body)
    except ValueError:
        return False
    return isinstance(question, dict) and "prompt" in question
