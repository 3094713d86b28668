"""How each printed command is run here: as it is, or in a form that takes seconds. The table is at the end."""

import os
import re
import shlex
import subprocess
import urllib.request

import pytest
from pushlab import PROJECT, PUSHLAB, command_of_make, links_can_be_made, started

SECONDS = 240


def run(*command, folder=PROJECT):
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, f"{shlex.join(map(str, command))} ended with {done.returncode}: {done.stderr}"
    return done.stdout


def words(text):
    """Without the program, and without what goes on behind it."""
    return shlex.split(text.split(" > ")[0])[1:]


def as_it_is(text, case):
    assert run(PUSHLAB, *words(text))


def options_are_known(text, case):
    """Every option of a synopsis is one that `--help` tells of."""
    subcommand, *rest = words(text.replace("|", " ").replace("[", " ").replace("]", " "))
    told = run(PUSHLAB, subcommand, "--help")
    for option in [word for word in rest if word.startswith("--")]:
        assert f"{option} " in told or f"{option}\n" in told, option


def need_links(are_needed):
    if are_needed and not links_can_be_made():
        pytest.skip("this machine's kernel makes no links")


def in_a_quick_form(text, case):
    """An experiment with few trials, its result somewhere else."""
    [name] = [word for word in words(text)[1:] if not word.startswith("-")]
    file = PROJECT / "experiments" / name / "experiment.yml"
    if file.exists():
        need_links("network:" in file.read_text())
        said = run(PUSHLAB, *words(text), "--quick", "--trials", "1", "--let-sleep", "--out", case.folder / "run")
        assert "result: " in said
    else:
        assert name in ("NAME", "FILE"), "there is no such experiment"


def of_a_result(text, case):
    """Placeholders and results of other days stand for one that was made here."""
    forms = re.search(r"--format (\S*\|\S*)", text)
    for form in forms[1].split("|") if forms else [""]:
        command = text.replace(forms[1], form) if forms else text
        command = re.sub(r"\[|\]", "", command)
        command = re.sub(r"\bRESULT\b|results/\S+", shlex.quote(str(case.result)), command)
        assert run(PUSHLAB, *words(command))


def watched(text, case):
    said = run(PUSHLAB, "watch", "--tokens", "5", "--rate", "100", "hello")
    assert said.strip()
    options_are_known(text, case)


def served(text, case):
    options_are_known(text, case)
    if "[" in text:
        return
    need_links("--network" in text)
    with started([PUSHLAB, *words(text), "--port", "0"]) as server:
        assert urllib.request.urlopen(f"{server}/healthz", timeout=20).status == 200


def asked_with_curl(text, case):
    with started([PUSHLAB, "serve", "--port", "0"]) as server:
        said = run("bash", "-c", text.replace("http://127.0.0.1:8080", server.address))
    assert "[STREAM_END]" in said or '"tokens":20}' in said


def tapped(text, case):
    options_are_known(text.rpartition("; ")[2], case)
    if "URL" in text:
        return
    with started([PUSHLAB, "serve", "--port", "0"]) as server:
        here = server.address.removeprefix("http://")
        said = run("bash", "-c", text.replace("127.0.0.1:8080", here))
    assert ("polled: " if "--every" in text else "streams: ") in said


def told_by_make(text, case):
    """A target that is there, with all that it needs: its commands are printed and not run."""
    assert run("make", "--no-print-directory", "--dry-run", *words(text.replace("…", "")))


def the_menu(text, case):
    assert "make run" in run("make")


def run_by_make(text, case):
    """The command of `make run`, in a quick form."""
    command = command_of_make("run")
    assert PROJECT / command[0] == PUSHLAB
    in_a_quick_form(shlex.join(command), case)


def served_by_make(text, case):
    with started([*command_of_make("serve"), "--port", "0"]) as server:
        assert urllib.request.urlopen(f"{server}/healthz", timeout=20).status == 200


def read_by_the_shell(text, case):
    script = text.split()[0]
    assert os.access(PROJECT / script, os.X_OK)
    run("bash", "-n", script)


def measured(text, case):
    """The bench with two readers for a moment, beside what needs no installation."""
    options = words(text.replace("--report bench.json", ""))
    quick = ["--quick", "--readers", "2", "--seconds", "0.2", "--trials", "1", "--servers", "floor,pushlab"]
    is_help = "--help" in options
    said = run(PUSHLAB.with_name("pushlab-bench"), *options, *([] if is_help else quick), folder=case.folder)
    assert said


# Which commands, how, and whether that takes a minute or a build of its own. The first that fits counts.
TABLE = [
    (r"\.build/release/pushlab (list|doctor|.*--help)", as_it_is, False),
    (r"\.build/release/pushlab run .*\[.*", options_are_known, False),
    (r"\.build/release/pushlab run (04-reconnect|05-slow-reader|07-scale|10-distance|11-loss|15-batching)", in_a_quick_form, True),
    (r"\.build/release/pushlab run .*", in_a_quick_form, False),
    (r"\.build/release/pushlab (report|compare) .*", of_a_result, False),
    (r"\.build/release/pushlab watch .*", watched, False),
    (r"(stream=.*; )?\.build/release/pushlab tap .*", tapped, False),
    (r"\.build/release/pushlab serve.*", served, False),
    (r"\.build/release/pushlab record .*", options_are_known, False),
    (r"\.build/release/pushlab bench-openai .*", options_are_known, False),
    (r"(stream=.*; )?curl -N .*", asked_with_curl, False),
    (r"make", the_menu, False),
    (r"make run", run_by_make, False),
    (r"make serve", served_by_make, False),
    (r"make [a-z-]+( .*)?", told_by_make, False),
    (r"Fuzz/run\.sh .*", read_by_the_shell, False),
    (r"\.build/release/pushlab-bench .*", measured, True),
]


def entry(text):
    """How it is run, and whether that is large; None where nobody said."""
    return next(((run, is_large) for pattern, run, is_large in TABLE if re.fullmatch(pattern, text)), None)
