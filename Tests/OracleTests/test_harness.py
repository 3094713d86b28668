"""The oracle itself: a good server of another kind passes, and one that does wrong does not."""

import asyncio
import dataclasses
import os
import pathlib
import re
import subprocess
import sys

import asynchronous
import pytest
from connections import LAST, Plan, draw
from drafts import Draft
from judge import Trouble, judge
from pushlab import GUARDED
from routes import routes
from witness import End, read

STREAM, STOPPED = "00000000000000aa", "00000000000000bb"
FOLDER = pathlib.Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def good_server():
    """The port of hypercorn."""
    paths = os.pathsep.join([str(FOLDER), str(FOLDER.parent / "Support")])
    environment = os.environ | {"PUSHLAB_STREAMS": f"{STREAM},{STOPPED}", "PYTHONPATH": paths}
    process = subprocess.Popen(
        [GUARDED, sys.executable, "-m", "hypercorn", "--bind", "127.0.0.1:0", "good_server:app"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        process_group=0,
    )
    try:
        line = next(line for line in process.stderr if "Running on" in line)
        yield int(re.search(r"127\.0\.0\.1:(\d+)", line)[1])
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdin.close()
        process.stderr.close()


def test_a_good_server_passes_in_plain_cases(good_server):
    plans = [draw(1, number, STREAM, STOPPED) for number in range(600)]
    # An event loop of Python takes the end of what is sent for the end of the connection.
    plain = [plan for plan in plans if not any(draft.oddities for draft in plan.drafts) and not plan.half_closes]
    assert len(plain) > 100

    async def judge_all():
        for plan in plain:
            await judge(plan, good_server, routes(STREAM, STOPPED))

    asynchronous.run(judge_all())


OK = b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n" + b'{"status":"ok"}'
LAST_OK = OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
REFUSAL = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
NOT_ALLOWED = REFUSAL.replace(b"400 Bad Request", b"405 Method Not Allowed")
HEALTH = Draft(target=b"/healthz")
NOISE = Draft(line=b"{}")
UNASKED = Draft(method=b"POST", target=b"/healthz", fields=[b"Host: localhost", b"Content-Length: 1"], body=b"a")


def outcome(drafts, said, half_closes=False, length=None):
    """What is judged of a server that says just this, and ends."""

    async def answer(reader, writer):
        writer.write(said)
        writer.write_eof()
        await reader.read()
        writer.close()

    async def hold():
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            whole = sum(len(draft.sent) for draft in drafts)
            plan = Plan(drafts, "at once", [], half_closes, False, length or whole)
            await judge(plan, server.sockets[0].getsockname()[1], routes(STREAM, STOPPED))

    try:
        asynchronous.run(hold())
    except Trouble as trouble:
        return str(trouble)
    return "good"


def test_what_is_right_passes():
    assert outcome([HEALTH, LAST], OK + LAST_OK) == "good"
    assert outcome([HEALTH, NOISE], OK + REFUSAL) == "good"
    assert outcome([HEALTH], OK, half_closes=True) == "good"
    assert outcome([HEALTH, HEALTH], OK + REFUSAL, half_closes=True, length=len(HEALTH.sent) + 30) == "good"
    behind_an_empty_line = dataclasses.replace(HEALTH, before=b"\r\n")
    for said in (b"", REFUSAL):
        assert outcome([behind_an_empty_line], said, half_closes=True, length=1) == "good"
    asking = dataclasses.replace(UNASKED, fields=[*UNASKED.fields, b"Expect: 100-continue"])
    assert outcome([asking, LAST], NOT_ALLOWED) == "good"


@pytest.mark.parametrize(
    "drafts, said, complaint",
    [
        ([HEALTH, LAST], OK, "the end instead of a response"),
        ([HEALTH, LAST], OK + OK + OK, "behind the last response"),
        ([HEALTH, LAST], LAST_OK, "for no reason"),
        ([UNASKED, LAST], NOT_ALLOWED, "for no reason"),
        ([HEALTH, LAST], OK.replace(b"200 OK", b"404 Not Found") + LAST_OK, "has 404, not [200]"),
        ([HEALTH, LAST], OK.replace(b"ok", b"no") + LAST_OK, 'has b\'{"status":"no"}\''),
        ([HEALTH, LAST], b"hello\r\n\r\n", "a response that is none"),
        ([HEALTH, NOISE], OK, "not a refusal"),
        ([HEALTH, NOISE], OK + REFUSAL.replace(b"connection: close\r\n", b""), "not a refusal"),
        ([HEALTH, NOISE, HEALTH], OK + REFUSAL + OK, "not a refusal"),
        ([NOISE], LAST_OK, "not a refusal"),
    ],
)
def test_what_is_wrong_is_told(drafts, said, complaint):
    assert complaint in outcome(drafts, said)


def test_the_witness_reads_the_borders_between_requests():
    body = Draft(method=b"POST", target=b"/streams", body=b"GET / HTTP/1.1\r\n\r\n")
    body.put(b"Content-Length: %d" % len(body.body))
    asked, end = read(body.sent + HEALTH.sent)
    assert [(request.method, request.target, request.body) for request in asked] == [
        ("POST", "/streams", body.body),
        ("GET", "/healthz", b""),
    ]
    assert end is End.WAITS
    assert read(LAST.sent + HEALTH.sent)[1] is End.CLOSES
    assert read(HEALTH.sent + b"{}\r\n\r\n")[1] is End.BROKEN
    assert read(HEALTH.sent[:-2])[1] is End.CUT
    assert read(b"GET /hea")[1] is End.CUT_IN_LINE
