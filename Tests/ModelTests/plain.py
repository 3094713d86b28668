"""The same kind of model written another way: token by token, head by head, in 64 bits, and slowly."""

import cmath
import math

import numpy as np


def scores(model, tokens):
    """What the tokens let expect next, of all that are known."""
    shape = model.shape
    weights = {name: values.astype(np.float64) for name, values in model.weights.items()}
    states = [weights["token_embd"][token] for token in tokens]

    def norm(state, name):
        return weights[name] * state / math.sqrt(sum(state**2) / shape.width + shape.epsilon)

    def turned(values, place):
        """Heads of complex numbers."""
        heads = values.reshape(-1, shape.head_width)
        pairs = heads[:, 0::2] + 1j * heads[:, 1::2]
        turn = [
            cmath.exp(1j * place * shape.rotation_base ** (-2 * pair / shape.head_width))
            for pair in range(shape.head_width // 2)
        ]
        return pairs * turn

    for layer in range(shape.layers):
        of = {name.removeprefix(f"blk.{layer}."): values for name, values in weights.items()}
        normed = [norm(state, f"blk.{layer}.attn_norm") for state in states]
        keys = [turned(of["attn_k"] @ state, place) for place, state in enumerate(normed)]
        values = [(of["attn_v"] @ state).reshape(-1, shape.head_width) for state in normed]
        for place, state in enumerate(normed):
            asked = turned(of["attn_q"] @ state, place)
            told = []
            for head in range(shape.heads):
                shared = head * shape.key_heads // shape.heads
                # The real part of one complex number times the other's conjugate is the product of two pairs.
                likeness = [sum(asked[head] * key[shared].conj()).real for key in keys[: place + 1]]
                powers = [math.exp(each / math.sqrt(shape.head_width)) for each in likeness]
                told.append(sum(power * value[shared] for power, value in zip(powers, values)) / sum(powers))
            states[place] = states[place] + of["attn_output"] @ np.concatenate(told)
        for place, state in enumerate(states):
            state = norm(state, f"blk.{layer}.ffn_norm")
            gate = of["ffn_gate"] @ state
            gate = np.array([each / (1 + math.exp(-each)) for each in gate])
            states[place] = states[place] + of["ffn_down"] @ (gate * (of["ffn_up"] @ state))
    return weights.get("output", weights["token_embd"]) @ norm(states[-1], "output_norm")
