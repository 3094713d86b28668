"""What was observed, as the page shows it: tables, and words within its sentences."""

from observed import versions_and_date, with_marks_filled

WAYS = ["eventSource", "streamedFetch", "longPolling", "shortPolling", "webSocket"]
LABELS = ["EventSource", "streamed fetch", "long polling", "short polling", "WebSocket"]
ROWS = {
    "open": "open at the same time in a page",
    "next": "the next one",
    "while tokens come": "the next one, while tokens come",
    "fetch": "an ordinary fetch beside them",
    "socket": "a WebSocket beside them",
    "tab it opened": "the next one in a tab that the page opened",
    "other tab": "the next one in another tab",
    "other name": "more to another name of the host",
    "other port": "more to another port of the host",
    "other profile": "more in another profile",
}


def seen(values):
    """What several runs saw: the one thing, or numbers from the least to the greatest, or one word or the other."""
    found = list(dict.fromkeys(values))
    if len(found) > 1 and all(isinstance(value, int) for value in found):
        return f"{min(found)} to {max(found)}"
    return " or ".join(map(str, found))


def told(observed, protocol, way, row):
    values = [run["ways"][protocol][way].get(row) for run in observed["runs"]]
    if None in values:
        return "–"
    is_all = row == "open" and set(values) == {observed["most"][way]}
    return f"all {seen(values)}" if is_all else seen(values)


def table(observed, protocol):
    lines = ["| | " + " | ".join(LABELS) + " |", "|---|" + "---|" * len(WAYS)]
    for row, name in ROWS.items():
        lines.append("| " + " | ".join([name, *(told(observed, protocol, way, row) for way in WAYS)]) + " |")
    return "\n" + "\n".join(lines) + "\n"


def allowed(observed, name):
    return seen(run["allowed"][name] for run in observed["runs"])


def words(observed, term):
    """Of `made`, `patience`, `allowed`, `allowed NAME`, a protocol's name, or one with a way and a row behind it."""
    if term == "made":
        return f"{versions_and_date(observed)}, in {len(observed['runs'])} runs"
    if term == "allowed":
        rows = [f"| {name} | {allowed(observed, name)} |" for name in observed["runs"][0]["allowed"]]
        return "\n" + "\n".join(["| HTTP/2 through | event streams open at the same time |", "|---|---|", *rows]) + "\n"
    if term == "patience":
        return str(observed["patience_ms"])
    first, _, rest = term.partition(" ")
    if first == "allowed":
        return allowed(observed, rest)
    if not rest:
        return table(observed, first)
    way, _, row = rest.partition(" ")
    return told(observed, first, way, row)


def filled(text, observed):
    """The page's text with every mark filled."""
    return with_marks_filled(text, lambda term: words(observed, term))
