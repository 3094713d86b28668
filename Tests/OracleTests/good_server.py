"""A server that answers as ours should, on an engine that is not ours: what the tests here find right in plain cases.

To be served by hypercorn, with `PUSHLAB_STREAMS=STREAM,STOPPED`.
"""

import json
import os

from pushlab import PROJECT
from routes import TOKENS, path_of, routes, status_of

STREAM, STOPPED = os.environ["PUSHLAB_STREAMS"].split(",")
ROUTES = routes(STREAM, STOPPED)
EVENTS = b"".join(b"id: %d\ndata: {}\n\n" % number for number in range(TOKENS))


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    path = scope["raw_path"].decode()
    query = scope["query_string"].decode()
    statuses, _ = status_of(ROUTES, scope["method"], path, body)
    [status] = statuses
    answer = b"" if status in (204, 405) else body_of(path_of(path), query, status)
    length = [] if status == 204 or b"event: done" in answer else [(b"content-length", b"%d" % len(answer))]
    await send({"type": "http.response.start", "status": status, "headers": length})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer})


def body_of(path, query, status):
    if status >= 400:
        return b"{}"
    name = path.rpartition("/")[2]
    if name in ("poll", "long-poll"):
        start = int(dict(part.split("=") for part in query.split("&") if part).get("from", 0))
        return json.dumps({"tokens": [{"index": index} for index in range(start, TOKENS)], "done": True}).encode()
    if name in ("events", "chat-stream"):
        return b"\n" + EVENTS + b"event: done\ndata: [STREAM_END]\n\n"
    known = {
        "healthz": b'{"status":"ok"}',
        "metrics": b"pushlab_streams_started_total 1",
        "streams": b'{"stream":1}',
        "schedule": json.dumps({"offsets": [0] * TOKENS}).encode(),
    }
    file = PROJECT / "static" / (path.lstrip("/") or "index.html")
    return known.get(name) or (file.read_bytes() if file.is_file() else b"{}")
