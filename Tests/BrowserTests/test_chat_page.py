"""The page in a real browser: each transport types the whole answer, and changing over loses nothing."""

import json
import re

import pytest
from playwright.sync_api import expect

TRANSPORTS = ["short-polling", "long-polling", "server-sent-events", "websocket"]


def ask_faster(page, **changes):
    """Lets the page's own question go out with other numbers."""

    def change(route):
        question = json.loads(route.request.post_data) | changes
        route.continue_(post_data=json.dumps(question))

    page.route("**/streams", change)


def longer_than(count):
    return re.compile(rf"[\s\S]{{{count + 1},}}")


def answer_of(page, server, prompt, count):
    """The answer as the server has it, read without the page."""
    question = {"prompt": prompt, "tokens": count, "rate": 100000, "think": 0}
    stream = page.request.post(f"{server}/streams", data=question).json()["stream"]
    tokens, done = [], False
    while not done:
        reply = page.request.get(f"{server}/streams/{stream}/long-poll?from={len(tokens)}").json()
        tokens += [token["token"] for token in reply["tokens"]]
        done = reply["done"]
    return "".join(tokens)


@pytest.fixture
def lab(page, server):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(server)
    yield page
    assert complaints == []


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_transport_types_the_whole_answer(lab, server, transport):
    ask_faster(lab, tokens=60, rate=400, think=0.05)
    lab.fill("#prompt", "What <b>is</b> this?")
    lab.check(f"input[value={transport}]")
    lab.click("#start")
    expect(lab.locator("#status")).to_have_text("complete, 60 tokens")
    shown = lab.evaluate("document.getElementById('answer').textContent")
    assert shown == answer_of(lab, server, "What <b>is</b> this?", 60)


def test_changing_over_loses_and_doubles_nothing(lab):
    ask_faster(lab, tokens=120, rate=60, think=0.05)
    lab.click("#start")
    for count, transport in enumerate(TRANSPORTS + TRANSPORTS[:1], start=1):
        expect(lab.locator("#answer")).to_have_text(longer_than(count * 40))
        lab.check(f"input[value={transport}]")
    # The page takes a token only if it is the next one, so the number says that none is missing.
    expect(lab.locator("#status")).to_have_text("complete, 120 tokens")


def test_stop_stops(lab):
    ask_faster(lab, tokens=1000, rate=50)
    lab.click("#start")
    expect(lab.locator("#answer")).to_have_text(longer_than(20))
    lab.click("#stop")
    expect(lab.locator("#status")).to_have_text(re.compile("^stopped"))
