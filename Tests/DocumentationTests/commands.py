"""The commands that the documentation prints: lines of code blocks, and code within sentences."""

import dataclasses
import re

from pushlab import PROJECT

PAGES = ["README.md", "experiments/**/README.md", "docs/*.md", "bench/README.md", "Fuzz/README.md"]
# What a command begins with where it stands within a sentence; of a code block every line is one.
PROGRAMS = r"(?:\.build/release/)?pushlab(?:-bench|-micro)? |make |Fuzz/run\.sh |swift |curl |docker |pytest "


@dataclasses.dataclass(frozen=True)
class Printed:
    page: str
    line: int
    text: str

    def __str__(self):
        return f"{self.page}:{self.line}: {self.text}"


def printed():
    """All of them, each once."""
    pages = sorted({path for pattern in PAGES for path in PROJECT.glob(pattern)})
    found = [command for page in pages for command in commands(page.read_text(), str(page.relative_to(PROJECT)))]
    return list({command.text: command for command in reversed(found)}.values())[::-1]


def commands(text, page):
    found = []
    blocks, sentences = parted(text)
    for number, line in blocks:
        # What stands behind two blanks and a hash explains it.
        command = re.split(r"\s{2,}#|^#", line.strip().removeprefix("$ "))[0].strip()
        if command:
            found.append(Printed(page, number, command))
    for match in re.finditer(r"(?<!`)`([^`]+)`(?!`)", sentences):
        command = " ".join(match[1].replace("\\|", "|").split())
        if re.match(PROGRAMS, command):
            found.append(Printed(page, sentences.count("\n", 0, match.start()) + 1, command))
    for match in re.finditer(r"^- again: (.+)$", sentences, re.MULTILINE):
        found.append(Printed(page, sentences.count("\n", 0, match.start()) + 1, match[1]))
    return found


def parted(text):
    """The lines of commands in code blocks, numbered, and the rest, whose lines keep their numbers."""
    blocks, sentences = [], []
    fence, is_indented, was_blank = None, False, True
    for number, line in enumerate(text.splitlines(), start=1):
        is_command, is_text = False, False
        if opened := re.match(r"\s*```(\w*)", line):
            fence = None if fence is not None else opened[1]
        elif fence is not None:
            # A console shows what it prints, too.
            is_command = fence == "sh" or fence == "console" and line.startswith("$ ")
        else:
            is_indented = line.startswith("    ") and (was_blank or is_indented)
            is_command, is_text = is_indented, not is_indented
        was_blank = not line.strip()
        if is_command:
            blocks.append((number, line))
        sentences.append(line if is_text else "")
    return blocks, "\n".join(sentences)
