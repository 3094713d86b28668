"""The OpenAI interface, spoken to by the clients that people have, as they come."""

import json

import asynchronous
import httpx
import openai
import pytest
from httpx_sse import connect_sse
from langchain_openai import ChatOpenAI
from reading import read
from transports import TRANSPORTS

MODEL = "seeded-script"
PACE = {"pushlab": {"rate": 5_000, "think": 0}}
ASKED = {"model": MODEL, "messages": [{"role": "user", "content": "Why is the sky blue?"}], "max_tokens": 40}


@pytest.fixture
def client(server):
    with openai.OpenAI(base_url=server + "/v1", api_key="unused") as client:
        yield client


def test_whole_and_streamed_sync_and_async_are_one_text(server, client):
    whole = client.chat.completions.create(**ASKED, extra_body=PACE)
    chunks = list(client.chat.completions.create(**ASKED, extra_body=PACE, stream=True))

    async def both():
        async with openai.AsyncOpenAI(base_url=server + "/v1", api_key="unused") as client:
            whole = await client.chat.completions.create(**ASKED, extra_body=PACE)
            stream = await client.chat.completions.create(**ASKED, extra_body=PACE, stream=True)
            return whole.choices[0].message.content, "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

    text = whole.choices[0].message.content
    assert len(text) > 100
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text
    assert asynchronous.run(both()) == (text, text)
    assert whole.choices[0].finish_reason == "length"
    assert whole.usage.completion_tokens == 40
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + 40
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * 41 + ["length"]
    assert {chunk.id for chunk in chunks} == {chunks[0].id} and {chunk.model for chunk in chunks} == {MODEL}
    assert all(chunk.usage is None for chunk in chunks)


def test_usage_comes_last_where_it_is_asked_for(client):
    chunks = list(
        client.chat.completions.create(
            **ASKED, extra_body=PACE, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == 40


def test_the_end_of_an_answer_that_was_not_limited_is_its_own(client):
    asked = {name: value for name, value in ASKED.items() if name != "max_tokens"}
    whole = client.chat.completions.create(**asked, extra_body=PACE)
    assert whole.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_same_answer_is_read_over_every_transport(server, client, transport):
    raw = client.chat.completions.with_raw_response.create(**ASKED, extra_body=PACE)
    found = read(server, raw.headers["x-pushlab-stream"], transport)
    assert found.text == raw.parse().choices[0].message.content
    assert found.reason == "complete"


def test_httpx_sse_reads_the_same(server, client):
    text = client.chat.completions.create(**ASKED, extra_body=PACE).choices[0].message.content
    body = ASKED | PACE | {"stream": True}
    with httpx.Client() as plain, connect_sse(plain, "POST", server + "/v1/chat/completions", json=body) as source:
        events = [event.data for event in source.iter_sse()]
    assert events[-1] == "[DONE]"
    pieces = [json.loads(event)["choices"][0]["delta"].get("content", "") for event in events[:-1]]
    assert "".join(pieces) == text


def test_langchain_reads_the_same(server, client):
    text = client.chat.completions.create(**ASKED, extra_body=PACE).choices[0].message.content
    chat = ChatOpenAI(base_url=server + "/v1", api_key="unused", model=MODEL, max_tokens=40, extra_body=PACE)
    assert chat.invoke("Why is the sky blue?").content == text
    assert "".join(piece.content for piece in chat.stream("Why is the sky blue?")) == text


def test_models_are_listed(client):
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).owned_by == "pushlab"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4")


def test_parts_and_earlier_messages(client):
    parts = [{"type": "text", "text": "Why is "}, {"type": "text", "text": "the sky blue?"}]
    one = client.chat.completions.create(**ASKED | {"messages": [{"role": "user", "content": parts}]}, extra_body=PACE)
    assert one.choices[0].message.content == client.chat.completions.create(**ASKED, extra_body=PACE).choices[0].message.content
    said = [{"role": "system", "content": "Be brief."}, *ASKED["messages"], {"role": "assistant", "content": None}]
    assert client.chat.completions.create(**ASKED | {"messages": said}, extra_body=PACE).choices[0].message.content


MESSAGES = ASKED["messages"]


@pytest.mark.parametrize(
    "fields, status, parameter, code",
    [
        ({"model": "gpt-4"}, 404, "model", "model_not_found"),
        ({"model": None}, 400, "model", None),
        ({"messages": []}, 400, "messages", None),
        ({"messages": "Why?"}, 400, "messages", None),
        ({"messages": [{"content": "Why?"}]}, 400, "messages[0].role", None),
        ({"messages": [*MESSAGES, {"role": "user", "content": 5}]}, 400, "messages[1].content", None),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "messages[0].content", None),
        ({"messages": [{"role": "system", "content": "Be brief."}]}, 400, "messages", None),
        ({"max_tokens": -1}, 400, "max_tokens", "invalid_value"),
        ({"max_tokens": 0.5}, 400, "max_tokens", "invalid_value"),
        ({"max_tokens": None, "max_completion_tokens": 10**9}, 400, "max_completion_tokens", "invalid_value"),
        ({"n": 2}, 400, "n", None),
        ({"stream": "yes"}, 400, "stream", None),
        ({"stream_options": {"include_usage": True}}, 400, "stream_options", None),
        ({"pushlab": {"rate": -1}}, 400, None, None),
        ({"pushlab": {"colour": 1}}, 400, None, None),
        ({"messages": [{"role": "user", "content": "x" * 9_000}]}, 413, None, None),
    ],
)
def test_what_is_malformed_has_the_interfaces_error(server, fields, status, parameter, code):
    reply = httpx.post(server + "/v1/chat/completions", json=ASKED | fields)
    assert reply.status_code == status, reply.text
    error = reply.json()["error"]
    assert error["message"] and error["type"] == "invalid_request_error"
    assert (error["param"], error["code"]) == (parameter, code)


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b"\xff", b'{"model":' * 600])
def test_what_is_no_object_has_it_too(server, body):
    reply = httpx.post(server + "/v1/chat/completions", content=body)
    assert (reply.status_code, reply.json()["error"]["type"]) == (400, "invalid_request_error")


def test_the_clients_own_exceptions(client):
    with pytest.raises(openai.NotFoundError, match="gpt-4"):
        client.chat.completions.create(**ASKED | {"model": "gpt-4"})
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(**ASKED | {"max_tokens": -1})
