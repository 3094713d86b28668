"""Load tools with their defaults, bounded in number and time: all is answered, none is refused, at a sane pace."""

import pathlib
import re

import pytest
from clients import run

REQUESTS = 4_000
PIPELINED = pathlib.Path(__file__).with_name("pipelined.lua")
# Requests a second: far below what the server does, far above one that waits for a timer between two of them.
SANE = 400


def number(pattern, text):
    found = re.search(pattern, text)
    assert found, text
    return float(found[1])


@pytest.mark.parametrize("connections", [1, 16])
def test_apachebench_on_kept_connections(ended, connections):
    said = run("ab", "-q", "-k", "-n", str(REQUESTS), "-c", str(connections), f"{ended}/poll")
    assert number(r"Complete requests:\s+(\d+)", said) == REQUESTS
    assert number(r"Failed requests:\s+(\d+)", said) == 0
    assert "Non-2xx" not in said
    # It speaks HTTP/1.0 and asks to stay.
    assert number(r"Keep-Alive requests:\s+(\d+)", said) == REQUESTS
    assert number(r"Requests per second:\s+([\d.]+)", said) > SANE


def test_apachebench_on_a_connection_a_request(ended):
    said = run("ab", "-q", "-n", "1000", "-c", "8", f"{ended}/poll")
    assert number(r"Complete requests:\s+(\d+)", said) == 1000
    assert number(r"Failed requests:\s+(\d+)", said) == 0


def test_apachebench_reads_event_streams(ended):
    said = run("ab", "-q", "-n", "500", "-c", "8", f"{ended}/events")
    assert number(r"Complete requests:\s+(\d+)", said) == 500
    assert number(r"Failed requests:\s+(\d+)", said) == 0


def test_apachebench_posts_questions(server, tmp_path):
    question = tmp_path / "question.json"
    question.write_text('{"prompt":"a","tokens":1,"rate":5000,"think":0}')
    said = run(
        "ab", "-q", "-k", "-n", "2000", "-c", "8", "-p", str(question), "-T", "application/json", f"{server}/streams"
    )
    assert number(r"Complete requests:\s+(\d+)", said) == 2000
    assert "Non-2xx" not in said


@pytest.mark.parametrize("script", [[], ["--script", str(PIPELINED)]], ids=["one by one", "eight at a time"])
def test_wrk(ended, script):
    said = run("wrk", "--threads", "1", "--connections", "8", "--duration", "2s", *script, f"{ended}/poll")
    assert "Socket errors" not in said, said
    assert "Non-2xx" not in said, said
    assert number(r"Requests/sec:\s+([\d.]+)", said) > SANE


def test_h2load_in_its_http_1_1(ended):
    said = run("h2load", "--h1", "-n", str(REQUESTS), "-c", "8", f"{ended}/poll")
    assert f"{REQUESTS} succeeded, 0 failed, 0 errored, 0 timeout" in said, said
    assert number(r"finished in [\d.]+\w+, ([\d.]+) req/s", said) > SANE


def test_h2load_with_requests_behind_one_another(ended):
    said = run("h2load", "--h1", "-n", str(REQUESTS), "-c", "8", "-m", "8", f"{ended}/poll")
    assert f"{REQUESTS} succeeded, 0 failed, 0 errored, 0 timeout" in said, said


def test_h2load_reads_event_streams(ended):
    said = run("h2load", "--h1", "-n", "800", "-c", "8", f"{ended}/events")
    assert "800 succeeded, 0 failed, 0 errored, 0 timeout" in said, said


def test_what_is_asked_for_is_what_came(ended):
    """The bytes that h2load counts are those of so many whole pages."""
    page = len(run("curl", "--silent", f"{ended}/poll"))
    said = run("h2load", "--h1", "-n", "1000", "-c", "4", f"{ended}/poll")
    assert number(r"\((\d+)\) data", said) == 1000 * page, said
