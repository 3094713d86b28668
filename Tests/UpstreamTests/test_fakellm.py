"""fakellm, a stand-in for a model that others wrote, carried over every transport; and as its own clients see it."""

import json
import time

import httpx
import openai
import pytest
from fake_model import ANSWER
from laboratory import laboratory
from pushlab import PUSHLAB, running
from reading import read
from transports import TRANSPORTS


@pytest.fixture(scope="module")
def lab(fakellm, tmp_path_factory):
    with laboratory(fakellm, tmp_path_factory.mktemp("said") / "errors", model="gpt-4o-mini") as lab:
        yield lab


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_nothing_is_lost(lab, transport):
    found = read(lab.address, lab.start("Why is the sky blue?"), transport)
    assert (found.text, found.reason) == (ANSWER, "complete")


def test_through_the_interface_on_both_sides(lab, fakellm):
    asked = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}
    with openai.OpenAI(base_url=fakellm, api_key="unused") as direct:
        text = direct.chat.completions.create(**asked).choices[0].message.content
    with openai.OpenAI(base_url=lab.address + "/v1", api_key="unused") as client:
        assert client.chat.completions.create(**asked).choices[0].message.content == text
        chunks = client.chat.completions.create(**asked, stream=True)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text


def test_the_page_is_told_who_answers(lab, fakellm):
    told = httpx.get(lab.address + "/source").json()
    assert told == {"name": f"gpt-4o-mini at {fakellm.split('/')[2]}", "model": "gpt-4o-mini"}


def test_an_answer_is_recorded_and_replayed(fakellm, tmp_path):
    trace = tmp_path / "trace.jsonl"
    command = [PUSHLAB, "record", "--base-url", fakellm, "--model", "gpt-4o-mini", "--output", trace, "Why is the sky blue?"]
    with running(command) as process:
        assert process.wait(timeout=60) == 0
    with running([PUSHLAB, "serve", "--port", "0", "--source", "trace", trace]) as process:
        address = process.stdout.readline().split()[-1]
        stream = httpx.post(address + "/streams", json={"prompt": "Else?"}).json()["stream"]
        assert read(address, stream, "websocket").text == ANSWER


@pytest.mark.parametrize("transport", ["server-sent-events", "http-streaming"])
def test_a_chat_that_is_cut_in_its_midst_is_gone_on_with(lab, transport):
    """Nobody could give the rest of a model's answer if leaving stopped it."""
    accept = {"server-sent-events": "text/event-stream", "http-streaming": "application/x-ndjson"}[transport]
    question = {"prompt": "Why is the sky blue?"}
    texts, place = [], {}
    with httpx.stream("POST", f"{lab.address}/chat-stream", json=question, headers={"accept": accept}, timeout=60) as reply:
        for line in reply.iter_lines():
            message = json.loads(line.removeprefix("data: ")) if "{" in line and not line.startswith("id") else {}
            started = message if "epoch" in message else message.get("started", {})
            place["epoch"] = started.get("epoch", place.get("epoch"))
            if "token" in message:
                texts.append(message["token"])
                place["from"] = message["index"] + 1
            if len(texts) == 20:
                break
    with httpx.stream("POST", f"{lab.address}/chat-stream", json=question | place, headers={"accept": accept}, timeout=60) as reply:
        assert reply.status_code == 200
        for line in reply.iter_lines():
            message = json.loads(line.removeprefix("data: ")) if "{" in line and not line.startswith("id") else {}
            if "token" in message:
                texts.append(message["token"])
    assert "".join(texts) == ANSWER


def test_whoever_leaves_the_interface_stops_the_answer(lab):
    asked = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Why is the sky blue?"}], "stream": True}
    with httpx.stream("POST", f"{lab.address}/v1/chat/completions", json=asked, timeout=60) as reply:
        stream = reply.headers["x-pushlab-stream"]
        next(reply.iter_raw())
    while not (state := httpx.get(f"{lab.address}/streams/{stream}").json())["done"]:
        time.sleep(0.01)
    assert state["reason"] == "stopped"
