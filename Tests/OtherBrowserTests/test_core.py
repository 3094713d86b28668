"""The core of the page in three engines; the table of docs/browsers.md is written from what is seen here."""

import datetime

import pytest
from engines import engines
from pushlab import PROJECT
from transports import TRANSPORTS, label

LABELS = {name: label(name) for name in TRANSPORTS}

# What was seen: by line of the table, by engine.
seen = {}
versions = {}


@pytest.fixture
def note(lab):
    versions[lab.engine.name] = lab.engine.version

    def note(line, text):
        seen.setdefault(line, {})[lab.engine.name] = text

    return note


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_transport_types_the_whole_answer(lab, note, transport):
    lab.open("chat", transport=transport, tokens=100, rate=100, interval=50)
    lab.click("#start")
    lab.wait_for("chat", transport, "complete")
    assert lab.text("chat", transport) == lab.answer(100)
    note(f"{LABELS[transport]}: the whole answer", "yes")


def test_changing_over_loses_and_duplicates_nothing(lab, note):
    lab.open("chat", tokens=200, rate=40, interval=50)
    lab.click("#start")
    way = ["websocket", "short-polling", "http-streaming", "long-polling", "server-sent-events"]
    for count, transport in enumerate(way, start=1):
        lab.wait(f"document.querySelector('#chat .text').textContent.length > {count * 70}")
        lab.click(f"input[value={transport}]")
    lab.wait_for("chat", "server-sent-events", "complete")
    assert lab.text("chat", "server-sent-events") == lab.answer(200)
    note("Changing to another transport during an answer: no token is lost or duplicated", "yes")


def test_all_come_back_from_a_cut(lab, note):
    lab.open("race", tokens=120, rate=20, interval=100)
    lab.click("#start")
    for transport in TRANSPORTS:
        lab.wait(f"document.querySelector('#race .lane[data-transport={transport}] .text').textContent.length > 20")
    lab.click("#race .breaking button:nth-of-type(1)")
    for transport in TRANSPORTS:
        lab.wait_for("race", transport, "complete")
    answer = lab.answer(120)
    lab.wait("document.querySelectorAll('#race td[data-figure=tokens]')[document.querySelectorAll('#race .lane').length - 1].dataset.value === '120'")
    for place, transport in enumerate(TRANSPORTS):
        assert lab.text("race", transport) == answer
        assert lab.figure("lost", place) == lab.figure("doubled", place) == 0
        note(f"{LABELS[transport]}: from a cut to the next token", f"{lab.figure('back', place) / 1000:.1f} s")


def test_naive_event_streams_come_back_by_themselves(lab, note):
    lab.open("chat", code="naive", transport="server-sent-events", tokens=100, rate=20)
    lab.click("#start")
    lab.wait("document.querySelector('#chat .text').textContent.length > 20")
    lab.click("#chat .lane footer button:nth-of-type(1)")
    lab.wait_for("chat", "server-sent-events", "complete")
    assert lab.text("chat", "server-sent-events") == lab.answer(100)
    note("Event stream: comes back without code of the page's", "yes")


def test_eight_streams(lab, note):
    lab.open("six")
    lab.click("#six button.primary")
    lab.wait("document.querySelector('#six .lead[role=status]').textContent.includes('wait')")
    count = lab.run("document.querySelectorAll('.sixes .isOpen').length")
    assert count == 6
    note("Of eight event streams over HTTP/1.1 are open", str(count))
    lab.click("#six button:not(.primary)")


def test_the_articles_page(lab, note):
    lab.engine.open(f"{lab.server}/article.html")
    lab.click("button")
    lab.wait("document.getElementById('state').textContent === 'Done.'")
    assert lab.run("document.getElementById('answer').textContent") == lab.answer(200)
    note("The article's page", "yes")


def test_the_page_says_what_was_seen():
    names = [engine.name for engine in engines]
    assert sorted(versions) == sorted(names)
    day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    table = [f"| seen on {day} | " + " | ".join(f"{name} {versions[name]}" for name in names) + " |"]
    table.append("|---" * (len(names) + 1) + "|")
    for line, cells in seen.items():
        assert sorted(cells) == sorted(names), line
        table.append(f"| {line} | " + " | ".join(cells[name] for name in names) + " |")
    page = PROJECT / "docs" / "browsers.md"
    before, rest = page.read_text().split("<!-- browsers -->\n")
    _, after = rest.split("<!-- end browsers -->")
    page.write_text(before + "<!-- browsers -->\n" + "\n".join(table) + "\n<!-- end browsers -->" + after)
