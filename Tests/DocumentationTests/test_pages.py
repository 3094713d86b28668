"""Pages are what the published results give, and the marks in them are filled as experiments/README.md says."""

import json
import re
import shutil
import subprocess
import sys

import pytest
from pushlab import PROJECT, PUSHLAB, require_release_build

sys.path.insert(0, str(PROJECT / "docs" / "pages"))

from marks import Page, columns, without_strangers  # noqa: E402
from results import Mistake, Results, text  # noqa: E402


def test_pages_are_what_the_published_results_give():
    require_release_build()
    check = [sys.executable, PROJECT / "docs" / "pages" / "pages.py", "--check"]
    checked = subprocess.run(check, capture_output=True, text=True, check=False, timeout=120)
    assert checked.returncode == 0, checked.stderr


def estimate(median, low, high):
    interval = {"low": low, "high": high}
    return {"unit": "ms", "estimate": {"median": median, "least": low, "greatest": high, "interval": interval}}


ENTRIES = [
    (
        "poll 100 ms",
        {"delay_p50_ms": estimate(51.84, 50.0, 53.0) | {"isDifferenceShown": True}, "delay_p99_ms": {"unit": "ms"}},
    ),
    ("socket, reset", {"delay_p50_ms": estimate(0.044, 0.041, 0.052) | {"isDifferenceShown": False}}),
    ("socket, stall", {"delay_p50_ms": estimate(0.2, 0.1, 0.3) | {"isDifferenceShown": False, "shortage": "too few"}}),
]
LEDGER = {"delivered": 15232, "lost": 0}
MARKDOWN = """# A title

**A question?**

Prediction: Yes.

|  | ledger |
|---|---|
| a | 2 of 2 |

Medians.

## Memory per idle reader

| m |

## Also measured

| more |
"""


@pytest.fixture
def page(tmp_path):
    """Of an experiment whose result is published; `unpublished` is another."""
    for name in ("shown", "unpublished"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "experiment.yml").write_text("stream: {rate: 40}  # rate: 9\nreaders: 1000\ntrials: 9\n")
    (tmp_path / "shown" / "result.json").write_text("{}")
    entries = [{"name": name, "metrics": metrics, "ledger": LEDGER} for name, metrics in ENTRIES]
    printed = {"json": json.dumps({"entries": entries}), "markdown": MARKDOWN, "terminal": "A table\n"}
    results = Results(tmp_path)
    results.report = lambda name, form: printed[form]
    return Page(results, "shown")


@pytest.mark.parametrize(
    "term, number",
    [
        ("delay_p50_ms of poll 100 ms", "51.8"),
        ("delay_p50_ms of socket, reset", "0.04"),
        ("delivered of poll 100 ms", "15232"),
        ("delay_p99_ms of poll 100 ms", "–"),
        ("shown: lost of poll 100 ms", "0"),
        ("unpublished: delay_p50_ms of poll 100 ms", "…"),
        ("file rate", "40"),
        ("file readers", "1000"),
    ],
)
def test_a_number_is_filled_in(page, term, number):
    assert page.filled(f"It is <!--= {term} -->?<!--=--> here.") == f"It is <!--= {term} -->{number}<!--=--> here."


def test_a_setting_keeps_its_commas(page):
    text = "With <!--= file readers -->1,000<!--=--> readers."
    assert page.filled(text) == text


def test_blocks_are_filled_in(page):
    def block(kind):
        filled = page.filled(f"<!-- result shown {kind} -->\nold\n<!-- end result -->\n")
        return filled.split("-->\n", 1)[1].removesuffix("<!-- end result -->\n")

    assert block("terminal") == "```\nA table\n```\n"
    assert block("Memory") == "| m |\n\n"
    assert block("report") == (
        "|  | ledger |\n|---|---|\n| a | 2 of 2 |\n\nMedians.\n\n### Memory per idle reader\n\n| m |\n\n"
    )
    unpublished = page.filled("<!-- result unpublished report -->\nold\n<!-- end result -->\n")
    assert "published yet" in unpublished and "old" not in unpublished


def test_columns_are_chosen_by_their_headings():
    body = "Prediction.\n\n|  | ledger | a (ms) | b (s) |\n|---|---|---|---|\n| x | 1 | 2 | 3 |\n\nMedians.\n\n"
    assert columns(body, ["b", "a"]) == "|  | b (s) | a (ms) |\n|---|---|---|\n| x | 3 | 2 |\n\nMedians.\n"
    with pytest.raises(Mistake, match="0 columns begin with 'c'; they are ledger, a"):
        columns(body, ["c"])


def test_a_doubt_whose_letter_stands_nowhere_is_not_shown():
    table = "|  | delay | cpu |\n|---|---|---|\n| a socket | 1 [1, 2] **ac** | 5 **d** |\n\nMedians.\n\n"
    doubts = {letter: f"- **{letter}** why {letter}\n" for letter in "abcd"}
    report = table + "### Doubts\n\n" + "".join(doubts.values()) + "\n### What this does not show\n\n- No network\n"
    assert without_strangers(report) == report.replace(doubts["b"], "")
    bare = re.sub(r" \*\*\w+\*\* \|", " |", report)
    assert without_strangers(bare) == bare[:bare.index("### Doubts")] + bare[bare.index("### What"):]


@pytest.mark.parametrize(
    "mark",
    [
        "<!--holds\ndelay_p50_ms of socket, reset above 9 -->", "<!--holds delay_p50_ms of socket, reset above 9-->",
        "<!-- holds delay_p50_ms of socket, reset above 9 -->", "<!--hold delay_p50_ms of socket, reset above 9 -->",
        "<!--=delay_p50_ms of socket, reset-->9<!--=-->", "<!-- = delay_p50_ms of socket, reset -->9<!--=-->",
        "<!--=\ndelay_p50_ms of socket, reset -->9<!--=-->", "<!--result shown terminal -->old<!-- end result -->",
        "<!-- result shown terminal -->\nold\n<!-- end  result -->", "<!--holds delay_p50_ms of socket, reset above 9",
    ],
)
def test_a_mark_that_is_misspelt_does_not_pass_for_none(page, mark):
    with pytest.raises(Mistake, match="no mark|no '<!--"):
        page.filled(f"So it is {mark}.\n")


def test_a_claim_about_what_has_no_number_is_not_borne_out(page):
    with pytest.raises(Mistake, match="does not bear out"):
        page.require("no difference in delay_p50_ms of socket, *")


@pytest.mark.parametrize(
    "claim",
    [
        "delay_p50_ms of socket, * below delay_p50_ms of poll 100 ms",
        "delay_p50_ms of poll 100 ms above 100 times delay_p50_ms of socket, stall",
        "lost of * below 1",
        "difference in delay_p50_ms of poll 100 ms",
        "no difference in delay_p50_ms of socket, reset",
        "unpublished: delay_p50_ms of poll 100 ms below 1",
        "no difference in unpublished: delay_p50_ms of poll 100 ms",
    ],
)
def test_a_claim_that_holds_changes_nothing(page, claim):
    text = f"So.\n<!--holds {claim} -->\n"
    assert page.filled(text) == text and not list(page.contradictions(text))


@pytest.mark.parametrize(
    "claim, words",
    [
        ("delay_p50_ms of poll 100 ms below 52", "does not bear out"),
        ("delay_p50_ms of socket, reset above 0.05", "does not bear out"),
        ("no difference in delay_p50_ms of *", "does not bear out"),
        ("no difference in delay_p50_ms of socket, stall", "does not bear out"),
        ("delay_p50_ms of poll 100 ms like 1", "no claim"),
        ("delay_p99_ms of poll 100 ms below 1", "samples are too few"),
    ],
)
def test_a_claim_that_does_not_hold_is_told_with_its_line(page, claim, words):
    [(line, mistake)] = page.contradictions(f"So.\n<!--holds {claim} -->\n")
    assert line == 2 and words in str(mistake)


@pytest.mark.parametrize(
    "text, words",
    [
        ("a <!--= delay_p50_ms of nobody -->1<!--=-->", "no entry 'nobody'; its entries are poll 100 ms"),
        ("a <!--= delay_p50_ms of socket, * -->1<!--=-->", "is of 2 entries"),
        ("a <!--= delay of poll 100 ms -->1<!--=-->", "no delay of"),
        ("a <!--= nowhere: delay_p50_ms of x -->1<!--=-->", "no experiment 'nowhere'"),
        ("a <!--= file nothing -->1<!--=-->", "no number to 'nothing'"),
        ("a <!--= file rate -->1 of it", "no '<!--=-->'"),
        ("<!--= file rate -->1<!--=--> begins", "begins a line"),
        ("<!-- result shown report -->\n", "no '<!-- end result -->'"),
        ("<!-- result shown Nothing -->\n<!-- end result -->", "no part 'Nothing'"),
    ],
)
def test_a_mistake_is_told(page, text, words):
    with pytest.raises(Mistake, match=re.escape(words)):
        page.filled(text)


def test_marks_in_backticks_are_only_spoken_of(page):
    text = "One writes `<!--= METRIC of ENTRY -->`…`<!--=-->` and `<!--holds A below B -->`."
    assert page.filled(text) == text


def test_numbers_are_those_of_the_reports(result, tmp_path):
    """The medians in the Markdown of a real result, rounded here and there."""
    (tmp_path / "short").mkdir()
    (tmp_path / "short" / "experiment.yml").write_text("")
    shutil.copy(result / "result.json", tmp_path / "short")
    results = Results(tmp_path, PUSHLAB)
    table = Page(results, "short").block("short", "report")
    asked = json.loads((result / "result.json").read_text())["plan"]["metrics"]
    for entry in ("server-sent-events", "websocket"):
        row = next(line for line in table.splitlines() if line.startswith(f"| {entry} |"))
        for metric, cell in zip(asked, row.split("|")[3:]):
            [number] = results.numbers("short", metric, entry)
            assert cell.split()[0] == text(number["estimate"]["median"]), metric


@pytest.mark.parametrize(
    "number, words",
    [(9.994, "9.99"), (9.995, "10.0"), (99.96, "100"), (1234.5, "1235"), (-0.125, "−0.13"), (0, "0.00")],
)
def test_numbers_have_three_digits(number, words):
    assert text(number) == words
