"""What was observed, as the page shows it: tables, and words within its sentences."""

from observed import versions_and_date, with_marks_filled
from silent_readers import HELD, TOKEN, WAYS

WORDS = {
    "end": "**ended as if whole**",
    "closed in the response": "cut",
    "closed without a response": "closed unanswered",
    "closed without a close frame": "cut",
}


def told(life):
    """What became of a reader, in a cell."""
    if life["ended"] in (TOKEN, HELD):
        return "lives"
    word = WORDS.get(life["ended"], life["ended"].removeprefix("status "))
    return f"{word} after {seconds(life)} s"


def is_heard(life):
    """Whether a reader that saw the token heard anything on the way."""
    return life["silent_seconds"] < life["seconds"] / 2


def told_with_sign(life):
    """The same where the server gives signs of life, of which the reader may hear none."""
    return told(life) + (", unheard" if life["ended"] == TOKEN and not is_heard(life) else "")


def seconds(life):
    return round(life["seconds"])


def rows(seen, columns):
    """A table in Markdown: `columns` are headings, each with what it says of a proxy."""
    lines = ["| | " + " | ".join(columns) + " |", "|" + "---|" * (len(columns) + 1)]
    for name, found in seen.items():
        lines.append("| " + " | ".join([name, *(cell(found) for cell in columns.values())]) + " |")
    return "\n".join(lines)


def tables(observed):
    """By name: without signs of life, with them, and with them where tokens come before the silence."""
    seen = observed["seen"]
    signs = [sign for sign in seen["no proxy"]["lines"] if sign != "none"]

    def signalled(ways):
        return rows(seen, {
            f"{way.removesuffix(', later')}, {sign}": lambda found, way=way, sign=sign: told_with_sign(found[way][sign])
            for way in ways for sign in signs
        })

    at_once = [way for way, (_, is_later) in WAYS.items() if not is_later]
    return {
        "silent": rows(seen, {way: lambda found, way=way: told(found[way]["none"]) for way in at_once}),
        "signs of life": signalled([way for way in at_once if way != "long poll"]),
        "later": signalled([way for way in WAYS if way not in at_once]),
    }


def words(observed, term):
    """Of `made`, `silence`, `wait`, `lead`, the name of a table, `polls NAME`, `NAME; WAY; SIGN`, or that with `after`
    before it."""
    if term == "made":
        return versions_and_date(observed)
    if term in ("silence", "wait", "lead"):
        return str(observed[f"{term}_s"])
    made = tables(observed)
    if term in made:
        return f"\n{made[term]}\n"
    if term.startswith("polls "):
        return str(observed["seen"][term.removeprefix("polls ")]["long poll"]["none"]["polls"])
    name, way, sign = term.removeprefix("after ").split("; ")
    life = observed["seen"][name][way][sign]
    return f"{seconds(life)} s" if term.startswith("after ") else told(life)


def filled(text, observed):
    """The page's text with every mark filled."""
    return with_marks_filled(text, lambda term: words(observed, term))
