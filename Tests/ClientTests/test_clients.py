"""Every client reads what the server serves: a poll, a poll that is held, an event stream to its end, an answer."""

import json

import pytest
from clients import CLIENTS, QUESTION

TOKENS = QUESTION["tokens"]


@pytest.fixture(params=CLIENTS, ids=lambda client: client.__name__)
def client(request):
    client = request.param()
    yield client
    getattr(client, "close", lambda: None)()


def test_a_poll(client, ended):
    status, text = client.get(f"{ended}/poll?from=3")
    page = json.loads(text)
    assert status == 200
    assert [token["index"] for token in page["tokens"]] == list(range(3, TOKENS)) and page["done"]


def test_held_polls_one_after_the_other(client, stream):
    indices, done = [], False
    while not done:
        status, text = client.get(f"{stream}/long-poll?from={len(indices)}")
        page = json.loads(text)
        assert status == 200
        indices += [token["index"] for token in page["tokens"]]
        done = page["done"]
    assert indices == list(range(TOKENS))


def test_an_event_stream_to_its_end(client, stream):
    status, text = client.get(f"{stream}/events")
    assert status == 200
    data = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    assert [token["index"] for token in data[:-1]] == list(range(TOKENS))
    assert data[-1] == {"reason": "complete", "tokens": TOKENS}


def test_a_question(client, server):
    status, text = client.post(f"{server}/streams", json.dumps(QUESTION))
    assert status == 201
    status, text = client.get(f"{server}/streams/{json.loads(text)['stream']}/events")
    assert status == 200 and text.count("\nid: ") == TOKENS + 1


def test_questions_and_reading_in_turn(client, server, ended):
    for _ in range(20):
        status, text = client.post(f"{server}/streams", json.dumps(QUESTION | {"tokens": 1, "rate": 5000, "think": 0}))
        assert status == 201
        status, text = client.get(f"{server}/streams/{json.loads(text)['stream']}/long-poll")
        assert status == 200 and json.loads(text)["next"] == 1
        assert client.get(f"{ended}/poll?from={TOKENS}")[0] == 200
