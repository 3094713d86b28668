"""The program that serves the real model, with others."""

import contextlib
import sys

from pushlab import PROJECT, started

MODEL = PROJECT / "experiments" / "model"
sys.path.insert(0, str(MODEL))

# What the model says that ends: its wave takes four bytes, each a token, and its é two.
TEXT = "Push: 🌊é"


@contextlib.contextmanager
def serving(file):
    """A server, with its `address`, of the model in a file, which it calls tiny."""
    with started([sys.executable, MODEL / "serve.py", "--file", file, "--name", "tiny"]) as served:
        yield served
