"""A language model of Llama's kind, in numpy: what it has read, and how likely each token is to come next.

It is written to be read. Weights become 32-bit floats once, when the file is loaded, so a token costs one pass over all
of them: that is what makes it slow, and a slow model is what is wanted here.
"""

import dataclasses

import numpy as np
from gguf import GGUFReader, dequantize

# Tokens of a prompt that go through the layers together: bounds the memory of their attention's scores.
CHUNK = 128


@dataclasses.dataclass(frozen=True)
class Shape:
    """The sizes of a model, as its file states them."""

    layers: int
    width: int
    heads: int
    # Several heads share the keys and values of one of these.
    key_heads: int
    # Tokens that it was trained to keep in mind, prompt and answer together.
    context: int
    rotation_base: float
    epsilon: float

    @property
    def head_width(self):
        return self.width // self.heads


def shape(reader):
    """Of the model in a file. Raises `ValueError` where it is none of Llama's kind."""

    def value(key):
        return reader.get_field(key).contents()

    if (kind := value("general.architecture")) != "llama":
        raise ValueError(f"the file holds a model of the kind {kind}: only llama is known here")
    found = Shape(
        layers=value("llama.block_count"),
        width=value("llama.embedding_length"),
        heads=value("llama.attention.head_count"),
        key_heads=value("llama.attention.head_count_kv"),
        context=value("llama.context_length"),
        rotation_base=value("llama.rope.freq_base"),
        epsilon=value("llama.attention.layer_norm_rms_epsilon"),
    )
    if value("llama.rope.dimension_count") != found.head_width:
        raise ValueError("only heads that are rotated in all of their width are known here")
    return found


class Memory:
    """The keys and values of all tokens read so far, so that none is computed twice."""

    def __init__(self, shape):
        self.length = 0
        # Keys and values, layer, head, token, width.
        self.kept = np.empty((2, shape.layers, shape.key_heads, CHUNK, shape.head_width), np.float32)

    def reserve(self, count):
        """Room for `count` further tokens."""
        while self.length + count > self.kept.shape[3]:
            self.kept = np.concatenate([self.kept, np.empty_like(self.kept)], axis=3)

    def keep(self, layer, keys, values):
        """Of further tokens (token, head, width). All that are kept of this layer (head, token, width)."""
        end = self.length + len(keys)
        for kept, new in zip(self.kept[:, layer], (keys, values)):
            kept[:, self.length : end] = new.transpose(1, 0, 2)
        return self.kept[:, layer, :, :end]


class Model:
    def __init__(self, reader):
        self.shape = shape(reader)
        self.weights = {
            tensor.name.removesuffix(".weight"): dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            for tensor in reader.tensors
        }
        # Some models read and speak with the same table.
        self.speaking = self.weights.get("output", self.weights["token_embd"])

    @classmethod
    def of_file(cls, path):
        return cls(GGUFReader(path))

    def read(self, tokens, memory):
        """Takes further tokens to mind. The score of each token of the vocabulary as the next (its logit)."""
        assert len(tokens) > 0
        for start in range(0, len(tokens), CHUNK):
            state = self.weights["token_embd"][tokens[start : start + CHUNK]]
            memory.reserve(len(state))
            rotation = self.rotation(memory.length, len(state))
            for layer in range(self.shape.layers):
                state = state + self.attention(layer, self.norm(state, f"blk.{layer}.attn_norm"), rotation, memory)
                state = state + self.feed_forward(layer, self.norm(state, f"blk.{layer}.ffn_norm"))
            memory.length += len(state)
        return self.norm(state[-1], "output_norm") @ self.speaking.T

    def linear(self, state, layer, name):
        return state @ self.weights[f"blk.{layer}.{name}"].T

    def norm(self, state, name):
        """To a root mean square of one, then weighed."""
        square = np.mean(state * state, axis=-1, keepdims=True)
        return state / np.sqrt(square + self.shape.epsilon) * self.weights[name]

    def feed_forward(self, layer, state):
        gate = self.linear(state, layer, "ffn_gate")
        with np.errstate(over="ignore"):
            # What overflows is divided by, and leaves the zero that is right.
            gate = gate / (1 + np.exp(-gate))
        return self.linear(gate * self.linear(state, layer, "ffn_up"), layer, "ffn_down")

    def rotation(self, start, count):
        """What tells a token's place: an angle for each pair of a head's values (token, one for all heads, pair)."""
        pairs = np.arange(0, self.shape.head_width, 2) / self.shape.head_width
        angles = np.outer(np.arange(start, start + count), self.shape.rotation_base**-pairs)[:, None, :]
        return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)

    def attention(self, layer, state, rotation, memory):
        shape, count = self.shape, len(state)
        asked = rotated(self.linear(state, layer, "attn_q").reshape(count, shape.heads, -1), rotation)
        key = rotated(self.linear(state, layer, "attn_k").reshape(count, shape.key_heads, -1), rotation)
        value = self.linear(state, layer, "attn_v").reshape(count, shape.key_heads, -1)
        keys, values = memory.keep(layer, key, value)
        # Heads that share keys stand together: (key head, head of it, token, width).
        asked = asked.reshape(count, shape.key_heads, -1, shape.head_width).transpose(1, 2, 0, 3)
        scores = asked @ keys[:, None].swapaxes(-1, -2) / np.sqrt(np.float32(shape.head_width))
        # No token sees a later one.
        later = np.arange(keys.shape[1]) > memory.length + np.arange(count)[:, None]
        told = softmax(np.where(later, -np.inf, scores)) @ values[:, None]
        return self.linear(told.transpose(2, 0, 1, 3).reshape(count, -1), layer, "attn_output")


def rotated(heads, rotation):
    """Each pair of neighbours, by the angle of its token and its place: files of this kind keep pairs side by side."""
    (cos, sin), even, odd = rotation, heads[..., 0::2], heads[..., 1::2]
    return np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(heads.shape)


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
