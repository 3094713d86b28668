"""Readers over HTTP/2 whose edge gives up their connections, or requests on them, lose nothing."""

import json
import subprocess

import proxies
import pytest
from departing import departing
from pushlab import PUSHLAB, running, serving

EXPERIMENT = """
title: Connections that are given up
question: Does a reader lose anything?
prediction: Nothing.
stream: {prompt: "Why is the sky blue?", tokens: 40, rate: 100, think: 0}
readers: 8
transports: [{transport: TRANSPORT, over: http2, readers-per-connection: SHARERS}]
metrics: [requests_per_token, connections_per_token]
trials: 1
"""


def run(folder, edge, transport, sharers):
    """The trial of eight readers, so many to a connection."""
    file, out = folder / "goaway.yml", folder / "out"
    file.write_text(EXPERIMENT.replace("TRANSPORT", transport).replace("SHARERS", str(sharers)))
    options = ["--server", edge.secure, "--authority", str(edge.authority), "--out", str(out)]
    with running([PUSHLAB, "run", str(file), *options], stderr=subprocess.PIPE) as process, process.stderr:
        _, errors = process.stdout.read(), process.stderr.read()
        assert process.wait(timeout=60) == 0, errors
    [trial] = json.loads((out / "result.json").read_text())["trials"]
    assert trial["ledger"] == {"delivered": 8 * 40, "lost": 0, "duplicated": 0, "reordered": 0, "corrupted": 0}
    return trial["values"]


@pytest.mark.parametrize("sharers, requests", [(1, 5), (8, 20)])
@pytest.mark.parametrize("transport, asks_often", [("long-polling", True), ("server-sent-events", False)])
def test_a_connection_that_nginx_gives_up_is_followed_by_another(tmp_path, transport, asks_often, sharers, requests):
    given_up = {"keepalive_requests 1000000": f"keepalive_requests {requests}"}
    with serving() as address, proxies.proxy(tmp_path, int(address.rpartition(":")[2]), "nginx-tuned", given_up) as edge:
        values = run(tmp_path, edge, transport, sharers)
    # A reader that asks for each token has asked on more connections than one.
    assert (values["connections_per_token"] > 1 / 40 / sharers) == asks_often


@pytest.mark.parametrize("manner", ["with the last answer", "passed over", "announced", "refused"])
@pytest.mark.parametrize("transport", ["long-polling", "short-polling, interval: 0.05", "server-sent-events"])
def test_what_an_edge_has_not_begun_with_is_asked_again(tmp_path, transport, manner):
    with serving() as address, departing(manner, address, tmp_path) as (edge, proxied):
        run(tmp_path, proxied, transport, 8)
    if transport == "long-polling":
        assert edge.passed_over > 0 or manner == "with the last answer"
        assert (edge.given_up > 1) == (manner != "refused")
