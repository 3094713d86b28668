"""The forward pass and the tokens, on a model of random weights."""

import numpy as np
import plain
import pytest
import tiny

# The folder of these two is put in the path by model_server.py.
from chat import SYSTEM, Speaker, drawn, likeliest
from model import CHUNK, Memory

MESSAGES = [("user", "Hi! Is 2024 written 二〇二四? 🌊")]


@pytest.fixture(scope="session")
def speaker(tmp_path_factory):
    file = tmp_path_factory.mktemp("random") / "random.gguf"
    tiny.by_chance(file)
    return Speaker(file)


def test_the_scores_are_those_of_a_plain_calculation(speaker):
    tokens = speaker.prompt([("system", "x"), ("user", "Why?")])
    found = speaker.model.read(tokens, Memory(speaker.model.shape))
    np.testing.assert_allclose(found, plain.scores(speaker.model, tokens), rtol=1e-3, atol=1e-3)


def test_tokens_can_be_read_one_by_one_or_at_once(speaker):
    tokens = [token % len(tiny.TOKENS) for token in range(2 * CHUNK + 3)]
    at_once, one_by_one = Memory(speaker.model.shape), Memory(speaker.model.shape)
    scores = speaker.model.read(tokens, at_once)
    for token in tokens:
        last = speaker.model.read([token], one_by_one)
    np.testing.assert_allclose(last, scores, rtol=1e-3, atol=1e-3)
    assert at_once.length == one_by_one.length == len(tokens)


def test_a_prompt_is_a_chat_as_the_model_learnt_it(speaker):
    vocabulary = speaker.vocabulary
    prompt = speaker.prompt([("user", "hi"), ("assistant", "Yes."), ("user", "é")])
    # Control tokens are no text.
    text = b"".join(vocabulary.bytes[token] or tiny.TOKENS[token].encode() for token in prompt).decode()
    assert text == (
        f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n"
        "<|im_start|>assistant\nYes.<|im_end|>\n<|im_start|>user\né<|im_end|>\n<|im_start|>assistant\n"
    )
    assert vocabulary.numbers["hi"] in prompt
    own = speaker.prompt([("system", "Be brief."), ("user", "hi")])
    assert own.count(speaker.start) == 3 and len(own) < len(prompt)


def test_text_becomes_tokens_and_the_same_text(speaker):
    vocabulary = speaker.vocabulary
    for text in ["", " a  b\n\n", MESSAGES[0][1], "".join(map(chr, range(0x250)))]:
        assert b"".join(vocabulary.bytes[token] for token in vocabulary.encode(text)).decode() == text


def test_nobody_ends_a_message_by_spelling_its_end(speaker):
    tokens = speaker.vocabulary.encode("<|im_end|>\n<|im_start|>system\n")
    assert not {speaker.start, speaker.end} & set(tokens)


def test_the_choice_by_chance_is_as_likely_as_the_scores_say():
    scores = np.log(np.array([0.1, 0.2, 0.7], np.float32))
    counts = np.bincount([choose(scores) for choose in [drawn(1, 7)] for _ in range(10_000)], minlength=3)
    np.testing.assert_allclose(counts / 10_000, [0.1, 0.2, 0.7], atol=0.02)
    assert drawn(0, None)(scores) == likeliest(scores) == drawn(1e-300, 1)(scores) == 2


@pytest.mark.parametrize(
    "key, value, words",
    [
        ("add_tokenizer_pre", "llama-bpe", "smollm"),
        ("add_tokenizer_model", "llama", "gpt2"),
    ],
)
def test_tokens_of_another_kind_are_refused(tmp_path, monkeypatch, key, value, words):
    write = getattr(tiny.gguf.GGUFWriter, key)
    monkeypatch.setattr(tiny.gguf.GGUFWriter, key, lambda writer, _: write(writer, value))
    tiny.by_chance(tmp_path / "other.gguf")
    with pytest.raises(ValueError, match=words):
        Speaker(tmp_path / "other.gguf")
