"""The model's server as OpenAI's own client sees it."""

import openai
import pytest
from model_server import TEXT

ASKED = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}


def contents(chunks):
    return [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]


def test_an_answer_comes_as_a_whole(client):
    answer = client.chat.completions.create(**ASKED)
    [choice] = answer.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", TEXT, "stop")
    assert (answer.object, answer.model) == ("chat.completion", "tiny")
    usage = answer.usage
    assert usage.completion_tokens == len(TEXT.encode())
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_an_answer_comes_as_a_stream(client):
    chunks = list(client.chat.completions.create(**ASKED, stream=True))
    assert {(chunk.object, chunk.model, chunk.id) for chunk in chunks} == {
        ("chat.completion.chunk", "tiny", chunks[0].id)
    }
    first, last = chunks[0].choices[0], chunks[-1].choices[0]
    assert (first.delta.role, first.delta.content, first.finish_reason) == ("assistant", "", None)
    assert (last.delta.content, last.finish_reason) == (None, "stop")
    # One a token, but for those that end within a character.
    assert contents(chunks) == list(TEXT)
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_counts_its_tokens_where_that_is_asked_for(client):
    *chunks, last = client.chat.completions.create(**ASKED, stream=True, stream_options={"include_usage": True})
    whole = client.chat.completions.create(**ASKED)
    assert last.choices == [] and last.usage == whole.usage
    assert all(chunk.usage is None and chunk.choices for chunk in chunks)


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_an_answer_ends_at_the_tokens_asked_for(client, name):
    answer = client.chat.completions.create(**ASKED, **{name: 5})
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == (TEXT[:5], "length")
    assert answer.usage.completion_tokens == 5


def test_a_character_that_is_cut_is_replaced_at_the_end_alone(client):
    cut = len(TEXT[:7].encode()) - 1
    chunks = list(client.chat.completions.create(**ASKED, stream=True, max_tokens=cut))
    assert contents(chunks) == [*TEXT[:6], "\ufffd"]
    assert chunks[-1].choices[0].finish_reason == "length"


def test_an_answer_ends_where_the_model_has_no_room(client):
    asked = ASKED | {"messages": [{"role": "system", "content": "y"}, {"role": "user", "content": "x" * 475}]}
    answer = client.chat.completions.create(**asked)
    assert answer.usage.total_tokens == 512
    assert answer.choices[0].finish_reason == "length"


def test_a_seed_repeats_what_chance_says(client):
    def said(seed):
        answer = client.chat.completions.create(**ASKED, temperature=1.5, seed=seed, max_tokens=40)
        return answer.choices[0].message.content

    assert said(1) == said(1)
    assert len({said(seed) for seed in range(-2, 3)}) > 1


def test_the_model_is_listed(client):
    [model] = client.models.list()
    assert model.id == "tiny" and client.models.retrieve("tiny") == model
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("other")


@pytest.mark.parametrize("is_streamed", [False, True])
@pytest.mark.parametrize(
    "kind, changes, param",
    [
        (openai.NotFoundError, {"model": "other"}, "model"),
        (openai.BadRequestError, {"max_tokens": -1}, "max_tokens"),
        (openai.BadRequestError, {"max_tokens": 0}, "max_tokens"),
        (openai.BadRequestError, {"max_tokens": True}, "max_tokens"),
        (openai.BadRequestError, {"max_completion_tokens": "5"}, "max_completion_tokens"),
        (openai.BadRequestError, {"temperature": 3}, "temperature"),
        (openai.BadRequestError, {"temperature": "hot"}, "temperature"),
        (openai.BadRequestError, {"seed": 0.5}, "seed"),
        (openai.BadRequestError, {"n": 2}, "n"),
        (openai.BadRequestError, {"stop": "x"}, "stop"),
        (openai.BadRequestError, {"stream_options": 1}, "stream_options"),
        (openai.BadRequestError, {"messages": []}, "messages"),
        (openai.BadRequestError, {"messages": "hi"}, "messages"),
        (openai.BadRequestError, {"messages": ["hi"]}, "messages[0]"),
        (openai.BadRequestError, {"messages": [{"role": "user"}]}, "messages[0].content"),
        (openai.BadRequestError, {"messages": [{"role": "poet", "content": "x"}]}, "messages[0].role"),
        (
            openai.BadRequestError,
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            "messages[0].content",
        ),
        (openai.BadRequestError, {"messages": [{"role": "user", "content": "x" * 512}]}, "messages"),
    ],
)
def test_what_cannot_be_answered_is_refused(client, kind, changes, param, is_streamed):
    with pytest.raises(kind) as refused:
        client.chat.completions.create(**ASKED | changes, stream=is_streamed)
    assert refused.value.param == param
    assert refused.value.type == "invalid_request_error"


def test_a_message_may_have_parts(client):
    parts = [{"type": "text", "text": "h"}, {"type": "text", "text": "i"}]
    asked = ASKED | {"messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": parts}]}
    assert client.chat.completions.create(**asked).choices[0].message.content == TEXT
