"""What a model of SmolLM2's kind is told and says: text to tokens and back, the form of a chat, the choice of tokens."""

import numpy as np
from gguf import GGUFReader
from tokenizers import Tokenizer, models, pre_tokenizers

from model import Memory, Model, softmax

# What SmolLM2's own template puts first where nobody else says what the assistant is.
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
# Below it the likeliest token is as good as certain.
COLDEST = 0.001
# How files mark tokens that are no text.
CONTROL = 3


def bytes_of_characters():
    """The alphabet of a byte-level vocabulary: what prints stands for itself, any other byte for one from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    alphabet = {chr(byte): byte for byte in printable}
    return alphabet | {chr(0x100 + place): byte for place, byte in enumerate(others)}


class Vocabulary:
    """The tokens of a file. Raises `ValueError` where they are cut in a way that is not known here."""

    def __init__(self, reader):
        def value(key):
            return reader.get_field(f"tokenizer.ggml.{key}").contents()

        if (kind := (value("model"), value("pre"))) != ("gpt2", "smollm"):
            raise ValueError(f"the file's tokens are of the kind {kind}: only gpt2, smollm is known here")
        tokens, types = value("tokens"), value("token_type")
        self.numbers = {token: number for number, token in enumerate(tokens)}
        alphabet = bytes_of_characters()
        # A control token is no text, and says nothing.
        self.bytes = [
            b"" if kind == CONTROL else bytes(alphabet[character] for character in token)
            for token, kind in zip(tokens, types, strict=True)
        ]
        merges = [tuple(merge.split(" ")) for merge in value("merges")]
        self.tokenizer = Tokenizer(models.BPE(vocab=self.numbers, merges=merges))
        # Digits go one by one; the rest is cut into words as GPT-2 does it.
        self.tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )

    def encode(self, text):
        """Text alone: a control token that somebody spells out is text too, and ends no message."""
        return self.tokenizer.encode(text, add_special_tokens=False).ids


class Speaker:
    """A model that answers chats, one at a time."""

    def __init__(self, path):
        reader = GGUFReader(path)
        self.vocabulary = Vocabulary(reader)
        self.model = Model(reader)
        self.start, self.end = (self.vocabulary.numbers[name] for name in ("<|im_start|>", "<|im_end|>"))

    @property
    def context(self):
        """The most tokens of a prompt and its answer together."""
        return self.model.shape.context

    def prompt(self, messages):
        """The tokens of a chat, given as pairs of role and text, up to where the assistant is to go on."""
        if messages[0][0] != "system":
            messages = [("system", SYSTEM), *messages]
        encode = self.vocabulary.encode
        told = [
            token
            for role, text in messages
            for token in [self.start, *encode(f"{role}\n{text}"), self.end, *encode("\n")]
        ]
        return [*told, self.start, *encode("assistant\n")]

    def answer(self, prompt, choose):
        """The bytes of one token after the other, until the model ends its message: without end where it never does.

        A token may end within a character of UTF-8."""
        memory, said = Memory(self.model.shape), prompt
        while (token := choose(self.model.read(said, memory))) != self.end:
            yield self.vocabulary.bytes[token]
            said = [token]


def likeliest(scores):
    return int(np.argmax(scores))


def drawn(temperature, seed):
    """A choice by chance: the higher the temperature, the more often what is less likely. A seed repeats itself."""
    if temperature < COLDEST:
        return likeliest
    # Any integer is a seed to OpenAI, and no negative one to numpy.
    random = np.random.default_rng(None if seed is None else seed % 2**64)
    return lambda scores: int(random.choice(len(scores), p=softmax(scores.astype(np.float64) / temperature)))
