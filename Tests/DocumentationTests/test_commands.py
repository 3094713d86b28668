"""Every command that the documentation prints can be typed."""

import dataclasses
import pathlib
import re

import pytest
from commands import commands, printed
from pushlab import PROJECT, PUSHLAB
from quick import entry, run

COMMANDS = printed()
LARGE = [command for command in COMMANDS if (entry(command.text) or (None, False))[1]]
OTHERS = [command for command in COMMANDS if command not in LARGE]
# The table of docs/commands.md, by command.
SYNOPSES = {
    command.text.split()[1]: command.text
    for command in commands((PROJECT / "docs" / "commands.md").read_text(), "docs/commands.md")
    if command.text.startswith(".build/release/pushlab ")
}


@dataclasses.dataclass
class Case:
    folder: pathlib.Path
    result: pathlib.Path


@pytest.fixture
def case(tmp_path, result):
    return Case(tmp_path, result)


@pytest.mark.parametrize("command", OTHERS, ids=str)
def test_a_command_can_be_typed(command, case):
    found = entry(command.text)
    assert found, f"{command}: say in quick.py how it is to be run here"
    found[0](command.text, case)


@pytest.mark.large
@pytest.mark.parametrize("command", LARGE, ids=str)
def test_a_command_that_takes_long_can_be_typed(command, case):
    entry(command.text)[0](command.text, case)


def test_every_experiment_with_a_page_is_listed_or_observed():
    listed = run(PUSHLAB, "list")
    for page in (PROJECT / "experiments").glob("[0-9]*/README.md"):
        is_observed = (page.parent / "observed.json").exists() and not (page.parent / "experiment.yml").exists()
        assert is_observed or f"\n{page.parent.name}" in f"\n{listed}", page


@pytest.mark.parametrize("name", ["run", "list", "report", "compare", "doctor", "watch", "serve"])
def test_every_option_of_a_command_is_listed(name):
    synopsis = SYNOPSES[name]
    listed = re.findall(r"--[a-z-]+", synopsis)
    if "[limits]" in synopsis:
        # A table of their own says what they do.
        limits = (PROJECT / "docs" / "server.md").read_text().partition("\n## Limits\n")[2].partition("\n## ")[0]
        listed += re.findall(r"`(--[a-z-]+)`", limits)
    told = re.findall(r"^  (?:-h, )?(--[a-z-]+)", run(PUSHLAB, name, "--help"), re.MULTILINE)
    assert sorted(told) == sorted({*listed, "--help"})


def test_every_command_is_listed():
    told = re.findall(r"^  ([a-z-]+) ", run(PUSHLAB, "--help").partition("SUBCOMMANDS:")[2], re.MULTILINE)
    assert sorted(told) == sorted(SYNOPSES)


PAGE = """
One says `make serve`, `pushlab list
--all` and `code`.

    make bench    # minutes
    pushlab list

```
make no-command
```
```console
$ pushlab doctor
pushlab is well
```
```sh
pushlab run x
```
- again: make bench BENCH=--quick
| `pushlab report [a\\|b]` |
"""


def test_commands_are_found():
    assert sorted(command.text for command in commands(PAGE, "page")) == [
        "make bench",
        "make bench BENCH=--quick",
        "make serve",
        "pushlab doctor",
        "pushlab list",
        "pushlab list --all",
        "pushlab report [a|b]",
        "pushlab run x",
    ]
    assert len(COMMANDS) > 20


def test_a_command_that_nobody_knows_has_no_entry():
    assert entry("pushlab fly") is None and entry("curl http://127.0.0.1:8080") is None
