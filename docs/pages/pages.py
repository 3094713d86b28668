#!/usr/bin/env python3
"""Makes the marked parts of all pages anew from the published results; with --check, only says what would change."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

import bench
from marks import Page
from results import PROJECT, Mistake, Results

PAGES = ["README.md", "experiments/README.md", "experiments/*/README.md", "docs/*.md", "bench/README.md"]


def pages():
    return sorted(path for pattern in PAGES for path in PROJECT.glob(pattern))


def experiment(page):
    """The name of the experiment that a page explains; none for other pages."""
    return page.parent.name if (page.parent / "experiment.yml").exists() else None


def mistakes(results, is_check):
    """What is wrong, a line each; a page with a mark that nothing fits is left as it is."""
    lines = []
    for page in pages():
        name, old = page.relative_to(PROJECT), page.read_text()
        try:
            if experiment(page) and results.is_published(experiment(page)):
                lines += [f"{name}: its result is not of this experiment.yml: {why}"
                          for why in results.disagreements(experiment(page))]
            if experiment(page) and not results.is_published(experiment(page)) and "\n## What was seen\n" in old:
                lines.append(f"{name}: it says what was seen, and no run is published: make publish")
            marks = Page(results, experiment(page))
            new = bench.filled(str(name), marks.filled(old))
            lines += [f"{name}:{line}: {mistake}" for line, mistake in marks.contradictions(new)]
        except Mistake as mistake:
            lines.append(f"{name}: {mistake}")
            continue
        if new != old and is_check:
            lines.append(f"{name}: it is not what the published results give: make pages")
        elif new != old:
            page.write_text(new)
            print(f"{name}: made anew")
    return lines


if __name__ == "__main__":
    found = mistakes(Results(), is_check="--check" in sys.argv[1:])
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    sys.exit(1 if found else 0)
