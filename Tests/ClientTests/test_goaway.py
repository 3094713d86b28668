"""Readers over HTTP/2 whose edge gives up each connection after a few requests (RFC 9113, section 6.8) lose nothing."""

import json
import subprocess

import proxies
import pytest
from pushlab import PUSHLAB, running, serving

EXPERIMENT = """
title: Connections that are given up
question: Does a reader lose anything?
prediction: Nothing.
stream: {prompt: "Why is the sky blue?", tokens: 40, rate: 100, think: 0}
readers: 4
transports: [{transport: TRANSPORT}]
metrics: [requests_per_token, connections_per_token]
trials: 1
"""


@pytest.mark.parametrize("transport, asks_often", [("long-polling", True), ("server-sent-events", False)])
def test_a_connection_that_is_given_up_is_followed_by_another(tmp_path, transport, asks_often):
    file, out = tmp_path / "goaway.yml", tmp_path / "out"
    file.write_text(EXPERIMENT.replace("TRANSPORT", transport))
    given_up = {"keepalive_requests 1000000": "keepalive_requests 5"}
    with serving() as address, proxies.proxy(tmp_path, int(address.rpartition(":")[2]), "nginx-tuned", given_up) as edge:
        options = ["--server", edge.secure, "--authority", str(edge.authority), "--http2", "--out", str(out)]
        with running([PUSHLAB, "run", str(file), *options], stderr=subprocess.PIPE) as process, process.stderr:
            _, errors = process.stdout.read(), process.stderr.read()
            assert process.wait(timeout=60) == 0, errors
    result = json.loads((out / "result.json").read_text())
    assert [entry["reading"]["over"] for entry in result["plan"]["entries"]] == ["http2"]
    [trial] = result["trials"]
    assert trial["ledger"] == {"delivered": 4 * 40, "lost": 0, "duplicated": 0, "reordered": 0, "corrupted": 0}
    # A reader that asks for each token has asked on more connections than one.
    assert (trial["values"]["connections_per_token"] > 1 / 40) == asks_often
