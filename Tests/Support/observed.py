"""What somebody watched, as experiments keep it: a file beside their page, and the page's marks
`<!-- observed TERM -->` … `<!-- end observed -->`."""

import json
import re

# In backticks they are only spoken of.
MARKED = re.compile(r"(?<!`)(<!-- observed (.+?) -->)(.*?)(<!-- end observed -->)", re.DOTALL)


def with_marks_filled(text, words):
    """A page's text, in which every mark has the words of its term."""
    return MARKED.sub(lambda found: found[1] + words(" ".join(found[2].split())) + found[4], text)


def versions_and_date(observed):
    versions = ", ".join(f"{name} {version}" for name, version in observed["versions"].items())
    return f"{versions}, on {observed['date']}"


def keep(observed, folder, filled, name="observed.json"):
    """Writes it down, and the folder's page anew; `filled` is given the page's text and what was observed."""
    (folder / name).write_text(json.dumps(observed, indent=2) + "\n")
    page = folder / "README.md"
    page.write_text(filled(page.read_text(), observed))
