"""Numbers in running text that are made from no result: each is of a kind that is no measurement, or a mistake."""

import dataclasses
import re

from pushlab import PROJECT
from stated import STATED

PAGES = ["README.md", "experiments/**/README.md", "docs/*.md"]
# Made whole by `make bench-pages`.
WHOLE = ["docs/bench.md"]
# What is no running text, or is made by a command.
MADE = [
    # Filled by `make pages`, `make bench-pages`, `make test-browsers`, `make client-code`, `make six-connections`,
    # `make silence` and `make conversations`.
    r"<!-- (result|bench|browsers|observed)\b.*?<!-- end[^>]*-->",
    r"<!--= .*?<!--=-->",
    r"<!--.*?-->",
    # Commands; what they print is in a fence, and looked at.
    r"^(?: {4}\S[^\n]*\n)+",
    r"```\w*",
    # The numbers of a list.
    r"^\d+\.(?= )",
    # A default behind the name that it is of.
    r"`[^`]+` \(\d[^)]*\)",
    # Code and what is said to a program: `--wait 25`, `{"index":7}`. Figures are not written so.
    r"`[^`]+`",
    r"\]\([^)]*\)",
    r"https?://\S+",
]
# Kinds that are no measurement, each with why.
KINDS = {
    "a standard's number or section": r"RFCs? \d+(?:(?:,| and) (?:RFC )?\d{4})*|[Ss]ections?\s+\d(?:[\d.]*\d)?",
    "a version": r"(?:Debian|Swift|HTTP/|libwebsockets|Firefox|Chromium|WebKitGTK|TLS) ?\d[\d.]*",
    "a date": r"\d{4}-\d\d-\d\d",
    "an experiment's number": r"(?<![\d.])0\d(?![\d.])|^# \d\d(?= ·)",
    "the name of a quantile": r"\bp\d+(?:\.\d+)?|\b99 of 100\b",
    "how sure an interval is to be, which is chosen": r"95 %",
    "a status of HTTP": r"(?<![\d.,])(?:20[014]|30[14]|40[0134589]|41[1347]|42[19]|431|50[0135])"
    r"(?!\d|[.,]\d| ?(?:ms|µs|s|kB|MB|B|bytes|%)\b)",
    "a status of a WebSocket's end": r"(?<![\d.,])(?:100[0-3789]|101[13]|440[49])(?! readers| tokens| ms|\d)",
    "a command's exit code": r"(?:ends|exit code|with) [012](?= |\.|,)",
    "a default, in parentheses or where something is left out": r"\(\d[\d.,]*(?: s)?\)|\b[01] if left out",
    "an address, or a name with a number in it": r"127\.0\.0\.\d(?:/8)?|UTF-8|HTTP/\d(?:\.\d)?",
}

# From twelve on; what is less counts things of a sentence's own.
WORDS = r"twelve|[a-z]+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?"
A_NUMBER = re.compile(rf"(?<![A-Za-z\d])\d+(?:[.,]\d+)*|\b(?:{WORDS})\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Number:
    page: str
    line: int
    text: str
    sentence: str

    def __str__(self):
        return f"{self.page}:{self.line}: {self.text}: {self.sentence}"


def pages():
    found = {path for pattern in PAGES for path in PROJECT.glob(pattern)}
    return sorted(found - {PROJECT / page for page in WHOLE})


def unmarked(text, page, names=()):
    """The numbers that are of no kind. `names`: of the experiment's entries, which may hold numbers."""
    rest = text
    quoted = [re.escape(f"*{name}*") for name in names]
    stated = [pattern for pattern, _, _ in STATED]
    for pattern in stated:
        rest = re.sub(pattern, blank, rest)
    for pattern in [*MADE, *quoted, *KINDS.values()]:
        rest = re.sub(pattern, blank, rest, flags=re.MULTILINE | re.DOTALL if pattern in MADE else 0)
    lines = text.splitlines()
    found = []
    for match in A_NUMBER.finditer(rest):
        number = rest.count("\n", 0, match.start())
        found.append(Number(page, number + 1, match[0], lines[number].strip()))
    return found


def blank(match):
    """As long, on as many lines."""
    return re.sub(r"[^\n]", " ", match[0])


def names(page):
    """Of the transports and conditions in the file of the experiment that a page explains."""
    file = page.parent / "experiment.yml"
    return re.findall(r"name: *([^,}\n#\"]*[^,}\n#\" ])", file.read_text()) if file.exists() else []


def all_unmarked():
    return [
        number for page in pages() for number in unmarked(page.read_text(), str(page.relative_to(PROJECT)), names(page))
    ]
