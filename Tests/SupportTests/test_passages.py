"""The answers' texts that the server has are the passages as they are written, cut by a real tokenizer."""

import runpy

from pushlab import PROJECT

CUT = runpy.run_path(str(PROJECT / "Sources" / "Answers" / "Passages" / "cut.py"))


def test_the_swift_file_is_what_make_passages_writes():
    assert CUT["TARGET"].read_text(encoding="utf-8") == CUT["swift"](), "make passages"


def test_a_character_that_the_tokenizer_cuts_stays_whole():
    assert CUT["tokens"]("漢字 👩🏽‍💻") == ["漢", "字", " 👩", "🏽", "\u200d", "💻"]
