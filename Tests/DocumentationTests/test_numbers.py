"""Numbers in pages are made from published results, and nothing else in them looks like a measurement."""

import re

import pytest
from pushlab import PROJECT
from stated import STATED
from unmarked import all_unmarked, pages, unmarked


def test_every_number_in_running_text_is_marked_or_of_a_kind():
    found = "\n".join(map(str, all_unmarked()))
    assert not found, f"mark what was measured (experiments/README.md), or say in unmarked.py what it is:\n{found}"


@pytest.mark.parametrize("words, file, source", STATED, ids=[words for words, _, _ in STATED])
def test_what_a_page_says_of_the_program_stands_in_the_program(words, file, source):
    assert source in (PROJECT / file).read_text(), file
    assert any(re.search(words, page.read_text()) for page in pages()), "no page says so: take the line out"


PAGE = """
# 01 · A page

A token takes 31.2 bytes, *poll 100 ms* waits, *poll 7 ms* too, and p99 is 0.2 ms.
RFC 9110, section 9.2.2, HTTP/1.1, 404, close 1000, `--wait 25`, `size` (1), at 127.0.0.1 on 2026-11-23.
It serves <!--= requests_per_token of websocket -->0.06<!--=--> and 1,000 a second, 204 bytes, about forty of them.

    pushlab run --trials 9

```
delay 5
```
<!-- result 01-typewriter report -->
| 12 |
<!-- end result -->
"""


def test_a_number_that_was_typed_is_found():
    found = [(number.line, number.text) for number in unmarked(PAGE, "page", ["poll 100 ms"])]
    assert found == [(4, "31.2"), (4, "7"), (4, "0.2"), (6, "1,000"), (6, "204"), (6, "forty"), (11, "5")]
