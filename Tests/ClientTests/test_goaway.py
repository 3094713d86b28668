"""Readers over HTTP/2 whose edge gives up their connections, or requests on them, lose nothing, and ask nothing twice."""

import json
import subprocess

import proxies
import pytest
from departing import MANNERS, departing
from pushlab import PUSHLAB, running, serving

EXPERIMENT = """
title: Connections that are given up
question: Does a reader lose anything?
prediction: Nothing.
stream: {prompt: "Why is the sky blue?", tokens: 40, rate: 100, think: 0STOP}
readers: 8
transports: [{transport: TRANSPORT, over: http2, readers-per-connection: SHARERS}]
metrics: [requests_per_token, connections_per_token]
trials: 1
"""


def run(folder, edge, transport, sharers, stop=""):
    """Eight readers, so many to a connection: how the command ended, what it said, and the trial if there was one."""
    file, out = folder / "goaway.yml", folder / "out"
    file.write_text(EXPERIMENT.replace("TRANSPORT", transport).replace("SHARERS", str(sharers)).replace("STOP", stop))
    options = ["--server", edge.secure, "--authority", str(edge.authority), "--out", str(out)]
    with running([PUSHLAB, "run", str(file), *options], stderr=subprocess.PIPE) as process, process.stderr:
        said = process.stdout.read() + process.stderr.read()
        status = process.wait(timeout=60)
    result = out / "result.json"
    return status, said, json.loads(result.read_text())["trials"][0] if result.exists() else None


def values(status, said, trial):
    """Where nothing was lost."""
    assert status == 0, said
    assert trial["ledger"] == {"delivered": 8 * 40, "lost": 0, "duplicated": 0, "reordered": 0, "corrupted": 0}
    return trial["values"]


@pytest.mark.parametrize("sharers, requests", [(1, 5), (8, 20)])
@pytest.mark.parametrize("transport, asks_often", [("long-polling", True), ("server-sent-events", False)])
def test_a_connection_that_nginx_gives_up_is_followed_by_another(tmp_path, transport, asks_often, sharers, requests):
    given_up = {"keepalive_requests 1000000": f"keepalive_requests {requests}"}
    with serving() as address, proxies.proxy(tmp_path, int(address.rpartition(":")[2]), "nginx-tuned", given_up) as edge:
        told = values(*run(tmp_path, edge, transport, sharers))
    # A reader that asks for each token has asked on more connections than one.
    assert (told["connections_per_token"] > 1 / 40 / sharers) == asks_often


GIVING_UP = ["with the last answer", "passed over", "announced", "three at a time", "given up first"]
REFUSING = ["refused", "refused first"]


@pytest.mark.parametrize("transport, manner", [
    *(("long-polling", manner) for manner in [*GIVING_UP, *REFUSING, "odd"]),
    ("short-polling, interval: 0.05", "passed over"),
    ("server-sent-events", "passed over"),
    ("server-sent-events", "odd"),
])
def test_what_an_edge_has_not_begun_with_is_asked_again(tmp_path, transport, manner):
    with serving() as address, departing(manner, address, tmp_path) as (edge, proxied):
        values(*run(tmp_path, proxied, transport, 8))
    # One before the run, and then each reader its own, in a turn that does not count and in the trial.
    assert edge.begun["POST"] == 1 + 8 + 8
    assert (edge.given_up > 0) == (manner in GIVING_UP)
    if manner in ("passed over", "announced", "given up first", *REFUSING) and transport == "long-polling":
        assert edge.passed_over > 0


@pytest.mark.parametrize("manner", ["never", "shedding"])
def test_an_edge_that_begins_with_nothing_is_not_asked_for_ever(tmp_path, manner):
    with serving() as address, departing(manner, address, tmp_path) as (edge, proxied):
        status, said, trial = run(tmp_path, proxied, "server-sent-events", 8)
    assert (status, trial) == (1, None)
    assert said.endswith("the server cannot be reached: it begins with none of 10 requests\n"), said
    assert 1 < edge.passed_over < 20


def test_what_an_edge_has_begun_with_is_not_asked_again(tmp_path):
    with serving() as address, departing("begun", address, tmp_path) as (edge, proxied):
        status, said, trial = run(tmp_path, proxied, "long-polling", 8)
    assert status == 1 and trial["ledger"]["lost"] > 0
    assert "the connection ended before the stream did" in said


def test_each_manner_is_tried():
    assert {*GIVING_UP, *REFUSING, "odd", "never", "shedding", "begun"} == set(MANNERS)
