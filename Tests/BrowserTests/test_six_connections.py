"""What the page of 14-six-connections says that Chromium does is what it does, with few streams."""

import json
import re
import sys

import pytest
from playwright.sync_api import Error
from pushlab import PROJECT

FOLDER = PROJECT / "experiments" / "14-six-connections"
sys.path.insert(0, str(FOLDER))

from observe import Observer  # noqa: E402
from staging import nginx_that_allows, staged  # noqa: E402
from telling import filled, seen  # noqa: E402

OBSERVED = json.loads((FOLDER / "observed.json").read_text())
# More than are open over HTTP/1.1 where that has a limit.
MOST = 8


@pytest.fixture(scope="module")
def observer(playwright):
    with staged(playwright, {"seven": nginx_that_allows(7)}) as stage:
        yield Observer(stage, patience_ms=100)


@pytest.mark.parametrize("way", ["eventSource", "longPolling"])
def test_what_waits_over_http_1_waits_as_the_page_says(observer, way):
    found = observer.observe("HTTP/1.1", way, MOST)
    assert [found] * len(OBSERVED["runs"]) == [run["ways"]["HTTP/1.1"][way] for run in OBSERVED["runs"]]


@pytest.mark.parametrize(
    "protocol, way",
    [
        ("HTTP/1.1", "shortPolling"),
        ("HTTP/1.1", "webSocket"),
        ("HTTP/2", "eventSource"),
        ("HTTP/2", "longPolling"),
    ],
)
def test_what_does_not_wait_for_six_connections_opens(observer, protocol, way):
    assert observer.observe(protocol, way, MOST) == {"open": MOST, "fetch": "opens", "socket": "opens"}
    assert all(run["ways"][protocol][way]["open"] > MOST for run in OBSERVED["runs"])


def test_of_http_2_as_many_are_open_as_the_server_allows(observer):
    assert observer.allowed(observer.stage.others["seven"], MOST) == 7


def test_the_certificate_is_refused_by_a_browser_that_was_not_told_its_key(observer, page):
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(observer.stage.first.secure)


def test_the_page_says_what_was_observed():
    text = (FOLDER / "README.md").read_text()
    assert filled(text, OBSERVED) == text
    # GitHub takes a line that begins with a mark for HTML, up to the mark's end.
    assert not re.search(r"^ *<!-- observed .+?-->.", text, re.MULTILINE)


@pytest.mark.parametrize(
    "values, said",
    [([6, 6, 6], "6"), ([86, 15, 159], "15 to 159"), (["waits", "waits"], "waits"), (["waits", "opens"], "waits or opens")],
)
def test_what_runs_saw_is_one_thing_or_all_of_it(values, said):
    assert seen(values) == said
