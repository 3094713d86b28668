"""Clients that come with a language: each reads all that a stream has, over all that it can."""

import json
import os
import pathlib
import re
import subprocess

import pytest
from clients import QUESTION

FOLDER = pathlib.Path(__file__).resolve().parent
TOKENS = QUESTION["tokens"]


def answers(command, ended, **variables):
    command = [*command, ended, json.dumps(QUESTION)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=os.environ | variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().split("\n\n")


def assert_read(answers):
    """Of a poll from the third token, a held poll, an event stream."""
    starts = [3, 0, 0]
    for answer, start in zip(answers, starts, strict=True):
        assert answer.startswith("200 ")
        assert [int(index) for index in re.findall(r'"index":(\d+)', answer)] == list(range(start, TOKENS))


def assert_asked_and_listened(asked, heard):
    assert re.match(r'201 \{"stream":"[0-9a-f]{16}"', asked)
    assert heard.startswith("101 1000 ") and heard.count('"index":') == TOKENS and '"done":' in heard


@pytest.mark.large
def test_java(ended):
    *read, asked, heard = answers(["java", str(FOLDER / "Client.java")], ended)
    assert_read(read)
    assert_asked_and_listened(asked, heard)


@pytest.mark.large
def test_node(ended):
    *read, asked, heard = answers(["node", str(FOLDER / "client.js")], ended, NODE_PATH="/usr/share/nodejs")
    assert_read(read[:3])
    assert_read(read[3:])
    assert_asked_and_listened(asked, heard)
