"""Numbers in running text that are made from no result: each is of a kind that is no measurement, or a mistake."""

import dataclasses
import re

from pushlab import PROJECT

PAGES = ["README.md", "experiments/**/README.md", "docs/*.md"]
# Made whole by `make bench-pages`.
WHOLE = ["docs/bench.md"]
# What is no running text, or is made by a command.
MADE = [
    # Filled by `make pages`, `make bench-pages` and `make test-browsers`.
    r"<!-- (result|bench|browsers)\b.*?<!-- end[^>]*-->",
    r"<!--= .*?<!--=-->",
    # What no command can make again says so itself.
    r"<!-- measured once.*?<!-- end of[^>]*-->",
    r"<!--.*?-->",
    # Commands; what they print is in a fence, and looked at.
    r"^(?: {4}\S[^\n]*\n)+",
    r"```\w*",
    # A default behind the name that it is of.
    r"`[^`]+` \(\d[^)]*\)",
    # Code and what is said to a program: `--wait 25`, `{"index":7}`. Figures are not written so.
    r"`[^`]+`",
    r"\]\([^)]*\)",
    r"https?://\S+",
]
# Kinds that are no measurement, each with why.
KINDS = {
    "a standard's number or section": r"RFCs? \d+(?:(?:,| and) (?:RFC )?\d{4})*|[Ss]ections?\s+\d[\d.]*\d|[Ss]ections?\s+\d",
    "a version": r"(?:Debian|Swift|HTTP/|libwebsockets|libev|Nchan|nginx|Firefox|Chromium|WebKitGTK|[Vv]ersion) ?\d[\d.]*",
    "a date": r"\d{4}-\d\d-\d\d",
    "an experiment's number": r"(?<![\d.])0\d(?![\d.])",
    "the name of a quantile": r"\bp\d+(?:\.\d+)?|\b99 of 100\b",
    "how sure an interval is to be, which is chosen": r"95 %",
    "a status of HTTP, or of a WebSocket's end": r"(?<![\d.,])(?:20[014]|30[14]|40[0134589]|41[1347]|42[19]|431|50[0135])(?!\d|[.,]\d| ?(?:ms|µs|s|kB|MB|B|bytes|%)\b)"
    r"|\b(?:1000|1001|1002|1003|1007|1008|1009|1011|1013|4404|4409)\b(?! (?:readers|tokens|ms))",
    "a command's exit code": r"(?:ends|exit code|with) [012](?= |\.|,)",
    "a default, in parentheses or where something is left out": r"\(\d[\d.,]*(?: s)?\)|\b[01] if left out",
    "an address or a name of a standard": r"127\.0\.0\.\d(?:/8)?|UTF-8|Base64|SHA-1|HTTP/\d(?:\.\d)?|IPv[46]|C0|ISO 8601",
}


# What the program or a standard keeps to: the words of a page, a file that has it too, and how that says it.
STATED = [
    (r"ends at 48 KiB", "Sources/LabServer/Transports/ShortPolling.swift", "pageBytes = Session.unsentBytes * 3 / 4"),
    (r"64 KiB (?:that were not sent|for it)", "Sources/LWS/Session.swift", "unsentBytes = 65_536"),
    (r"16 KiB that came behind", "Sources/LWS/Loop.swift", "readBytes = 16_384"),
    (r"3 kB(?:, its head|\s+and the 400)", "Tests/EndToEndTests/HeldMemoryTests.swift", "takes no more than 3 kB"),
    (r"(?:and|the) 400\s+bytes", "Tests/EndToEndTests/HeldMemoryTests.swift", "takes no more than 400 bytes"),
    (r"every 15 to 30 s", "Sources/LabServer/Limits.swift", "heartbeat = Duration.seconds(15)"),
    (r"at least 16 printable", "Sources/LabServer/AccessToken.swift", "minimumLength = 16"),
    (r"at most 60 lines", "Tests/BrowserTests/test_people.py", "<= 60"),
    (r"random part of 250 ms", "static/transports/websocket.js", "Math.random() * Math.min(8000, 250 *"),
    (r"waits 50 µs", "Sources/LWS/Loop.swift", "timerGrain = Duration.microseconds(50)"),
    (r"4,000 connections and kills the server 100 times", "Makefile", "PUSHLAB_FAULTS=1000 PUSHLAB_RESTARTS=100"),
    (r"from 126 bytes on", "Sources/Wire/SocketFrameHead.swift", "125"),
    (r"for 50 to 500 ms", "Sources/Faults/Fault.swift", ".milliseconds(50) ... .milliseconds(500)"),
    (r"names \(1 s here\)", "Sources/LabServer/Transports/ServerSentEvents.swift", "retry = Duration.seconds(1)"),
    (r"zero to 250 ms, .{0,20}with every\s+failed attempt up to 8 s", "Sources/LabClient/Backoff.swift",
     ".milliseconds(250), factor: Double = 2, ceiling: Duration = .seconds(8)"),
    (r"after 45 s in real life", "Sources/LabClient/Recovery.swift", "silence: Duration? = .seconds(45)"),
    (r"\(45 s without a byte", "Sources/LabClient/Recovery.swift", "silence: Duration? = .seconds(45)"),
    (r"short polling alone, 0.25 s", "Sources/LabClient/Reading.swift", "pollInterval: Duration = .milliseconds(250)"),
    (r"long polling alone, 25 s", "Sources/LabClient/Reading.swift", "wait: Duration = .seconds(25)"),
    (r"of 5,000 tokens a second", "Sources/Experiments/Wakefulness.swift", "busyTokensPerSecond = 5_000.0"),
    (r"`version` \| 3;|format version 3", "Sources/Experiments/RunResult.swift", "currentVersion = 3"),
    (r"a thousand faults\s+on each transport and a hundred restarts", "Makefile", "PUSHLAB_FAULTS=1000 PUSHLAB_RESTARTS=100"),
    (r"\b[Aa](?: |ll )million (?:readers|chat readers)", "experiments/07-scale/experiment.yml", "readers: 1000000"),
    (r"`1e2` a hundred", "Tests/ExperimentsTests/SpellingTests.swift", "1e2"),
    (r"after 1 s here", "experiments/04-reconnect/experiment.yml", "silence: 1}"),
]


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
