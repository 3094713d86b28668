"""The marks in pages, in comments of HTML, which GitHub does not show: blocks, numbers and claims."""

import re

from results import Mistake, ends, median, text

# In backticks they are only spoken of.
BLOCK = re.compile(r"(<!-- result ([\w-]+) (.+?) -->\n)(.*?)(<!-- end result -->)", re.DOTALL)
NUMBER = re.compile(r"((?<!`)<!--= (.+?) -->)(.*?)(<!--=-->)", re.DOTALL)
CLAIM = re.compile(r"(?<!`)<!--holds (.+?) -->", re.DOTALL)
# A term: the experiment where it is not the page's own, and a number of it.
TERM = re.compile(r"(?:([\w-]+): )?(?:file ([\w-]+)|(?:(\d+(?:\.\d+)?) times )?(\w+) of (.+))")


class Page:
    """A page's text and the experiment it explains, if any."""

    def __init__(self, results, experiment=None):
        self.results = results
        self.experiment = experiment

    def filled(self, page):
        """The page with every mark made anew from the published results.

        Raises `Mistake` for a mark that nothing fits.
        """
        require_form(page)
        page = BLOCK.sub(lambda found: found[1] + self.block(found[2], found[3]) + found[5], page)
        page = NUMBER.sub(lambda found: found[1] + self.number(found[2], found[3]) + found[4], page)
        return page

    def contradictions(self, page):
        """The claims that a result does not bear out, with their lines."""
        for found in CLAIM.finditer(page):
            try:
                self.require(" ".join(found[1].split()))
            except Mistake as mistake:
                yield page.count("\n", 0, found.start()) + 1, mistake

    def block(self, name, kind):
        """`terminal`: what the run printed. `report`: it as Markdown. `prediction`: what was predicted before it.
        `columns A, B`: those of its first table, by how their headings begin. Else a part of it, by its heading."""
        if not self.results.is_published(name):
            return f"*No run of {name} is published yet: `make publish RUN=results/{name}-TIME`.*\n"
        if kind == "terminal":
            return f"```\n{self.results.report(name, 'terminal')}```\n"
        # Title and question stand in the page already, and the prediction has a mark of its own.
        body, *parts = re.split(r"^## ", self.results.report(name, "markdown"), flags=re.MULTILINE)
        if kind == "prediction":
            return re.search(r"^Prediction: (.+)$", body, re.MULTILINE)[1] + "\n"
        if kind == "report":
            if "\n|" not in body:
                raise Mistake(f"the report of {name} has no table: run it again")
            body = body[body.index("\n|") + 1 :]
            shown = [part for part in parts if not part.startswith("Also measured")]
            return without_strangers(body + "".join(f"### {part}" for part in shown))
        if kind.startswith("columns "):
            return columns(body, [title.strip() for title in kind.removeprefix("columns ").split(",")])
        for part in parts:
            if part.startswith(kind):
                return part.split("\n\n", 1)[1]
        raise Mistake(f"the report of {name} has no part '{kind}'")

    def number(self, term, present):
        """A setting keeps the form that the page gives it, such as its commas."""
        name, setting, _, metric, entry = self.parts(term)
        if setting:
            known = self.results.settings(name, setting)
            if any(same(present, value) for value in known):
                return present
            if len(known) > 1:
                raise Mistake(f"'{term}' is one of {', '.join(known)} and not '{present}'")
            return known[0]
        if not self.results.is_published(name):
            return "…"
        numbers = self.results.numbers(name, metric, entry)
        if len(numbers) > 1:
            raise Mistake(f"'{term}' is of {len(numbers)} entries: name one")
        return median(numbers[0])

    def require(self, claim):
        """`A below B`, `A above B`, `difference in METRIC of ENTRY` or `no difference in METRIC of ENTRY`.

        Of entries like `socket, *` it holds for all, with their intervals: an end must not reach the other side's.
        """
        if found := re.fullmatch(r"(no )?difference in (.+)", claim):
            name, _, _, metric, entry = self.parts(found[2])
            if self.results.is_published(name):
                numbers = self.results.numbers(name, metric, entry)
                verdicts = [number.get("shortage", number.get("isDifferenceShown")) for number in numbers]
                # A baseline has no difference; too few trials, or a number that is not there, tell neither.
                if {verdict for verdict in verdicts if verdict is not None} != {not found[1]}:
                    raise Mistake(f"the result does not bear out '{claim}': write what it shows")
            return
        first, relation, second = self.sides(claim)
        low, high = (first, second) if relation == "below" else (second, first)
        if low and high and not low[1] < high[0]:
            seen = f"{spread(first)}, {spread(second)}"
            raise Mistake(f"the result does not bear out '{claim}' ({seen}): say what it shows")

    def sides(self, claim):
        found = re.fullmatch(r"(.+) (below|above) (.+)", claim)
        if not found:
            raise Mistake(f"'{claim}' is no claim: it takes 'below', 'above' or 'difference in'")
        return self.range(found[1]), found[2], self.range(found[3])

    def range(self, term):
        """The two ends of a term; nothing where its result is not published yet."""
        if re.fullmatch(r"\d+(\.\d+)?", term):
            return float(term), float(term)
        name, setting, factor, metric, entry = self.parts(term)
        if setting:
            raise Mistake(f"'{term}': a claim takes the number itself")
        if not self.results.is_published(name):
            return None
        low, high = zip(*(ends(number) for number in self.results.numbers(name, metric, entry)))
        return float(factor or 1) * min(low), float(factor or 1) * max(high)

    def parts(self, term):
        found = TERM.fullmatch(" ".join(term.split()))
        if not found:
            raise Mistake(f"'{term}' is no 'METRIC of ENTRY' and no 'file KEY'")
        name, *rest = found.groups()
        if not (name or self.experiment):
            raise Mistake(f"'{term}': this page explains no experiment, so name one: 'NAME: {term}'")
        return name or self.experiment, *rest


def columns(body, titles):
    """Of a report's first table those columns whose headings begin so, and what is said below it."""
    lines = body[body.index("\n|") + 1 :].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    places = [[place for place, heading in enumerate(rows[0]) if heading.startswith(title)] for title in titles]
    for title, found in zip(titles, places):
        if len(found) != 1:
            raise Mistake(f"{len(found)} columns begin with '{title}'; they are {', '.join(rows[0][1:])}")
    shown = [[row[0], *(row[found[0]] for found in places)] for row in rows]
    table = ["|  | " + " | ".join(shown[0][1:]) + " |", "|" + "---|" * len(shown[0])]
    table += ["| " + " | ".join(row) + " |" for row in shown[2:]]
    return "\n".join(table + [line for line in lines if not line.startswith("|")]).strip() + "\n"


def without_strangers(report):
    """A report without the doubts whose letter no number of it carries, and without their heading where none is left."""
    cells = [cell.strip() for line in report.splitlines() if line.startswith("|") for cell in line.split("|")[2:]]
    carried = set("".join(ending[1] for cell in cells if (ending := re.search(r" \*\*([a-z]+)\*\*$", cell))))
    lines = [line for line in report.splitlines(keepends=True)
             if not (letter := re.match(r"- \*\*([a-z])\*\* ", line)) or letter[1] in carried]
    return re.sub(r"### Doubts\n\n+(?=### |\Z)", "", "".join(lines))


# Whatever begins like a mark, however it is written: a mark that is misspelt must not pass for none.
LIKE_A_MARK = re.compile(r"(?<!`)<!--\s*(?:=|holds?\b|results?\b|end\s+result).*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
MARK = re.compile(r"<!--= .+? -->|<!--=-->|<!--holds .+? -->|<!-- result [\w-]+ .+? -->|<!-- end result -->", re.DOTALL)


def require_form(page):
    """Raises `Mistake` for a mark that is misspelt or without its end, and where GitHub would take the line for HTML."""
    for found in LIKE_A_MARK.finditer(page):
        if not MARK.fullmatch(found[0]):
            raise Mistake(f"'{' '.join(found[0].split())[:60]}' is no mark: experiments/README.md says how each is written")
    if len(BLOCK.findall(page)) != len(re.findall(r"^<!-- result ", page, re.MULTILINE)):
        raise Mistake("a block's '<!-- result NAME KIND -->' has no '<!-- end result -->' of its own")
    if len(NUMBER.findall(page)) != len(re.findall(r"(?<!`)<!--= ", page)):
        raise Mistake("a number's '<!--= … -->' has no '<!--=-->' of its own")
    if line := re.search(r"^ *<!--= .*", page, re.MULTILINE):
        raise Mistake(f"'{line[0].strip()[:60]}' begins a line, which GitHub takes for HTML then: put a word before it")


def same(present, value):
    """Whether a page's number is the file's: `1,000` is 1000."""
    try:
        return float(present.replace(",", "")) == float(value)
    except ValueError:
        return False


def spread(side):
    return f"{text(side[0])} to {text(side[1])}" if side[0] != side[1] else f"{side[0]:g}"
