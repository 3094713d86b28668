"""What the page types, in a real browser from a real server, is what the generator made."""

import pytest
from playwright.sync_api import expect
from pushlab import serving
from transports import TRANSPORTS

# An answer with markup in it, which is to be shown as text.
QUESTION = {"prompt": "markup", "tokens": 120, "rate": 300, "interval": 50, "seed": 50}
ASKED = {name: QUESTION[name] for name in ["prompt", "tokens", "seed"]}


@pytest.mark.parametrize("code", ["resume", "naive"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_transport_types_the_whole_answer(lab, server, transport, code):
    # Naive polls overtake each other, and double tokens, where an answer takes longer than the pause between two.
    pause = {"interval": 1000} if code == "naive" else {}
    lab.open(server, "chat", transport=transport, code=code, **(QUESTION | pause))
    lab.start()
    lab.wait_for(transport, "complete", "chat")
    answer = lab.answer(**ASKED)
    assert "<b>" in answer and lab.text(transport, "chat") == answer
    assert lab.figure("lost", transport, "chat") == lab.figure("doubled", transport, "chat") == 0


def test_markup_in_an_answer_is_text(lab, server):
    lab.open(server, "chat", transport="websocket", prompt="markup", tokens=2000, rate=500)
    lab.page.fill("#rate", "500")
    lab.start()
    lab.wait_for("websocket", "complete", "chat")
    shown = lab.text("websocket", "chat")
    assert "<" in shown and shown == lab.answer(prompt="markup", tokens=2000)
    inside = lab.lane("websocket", "chat").locator(".text *").evaluate_all("all => [...new Set(all.map(e => e.tagName))]")
    assert inside == ["SPAN"]


def test_changing_over_loses_and_doubles_nothing(lab, server):
    lab.open(server, "chat", tokens=240, rate=40, interval=50)
    lab.start()
    way = ["websocket", "short-polling", "http-streaming", "long-polling", "server-sent-events"]
    for count, transport in enumerate(way, start=1):
        lab.page.wait_for_function(f"() => document.querySelector('#chat .text').textContent.length > {count * 80}")
        lab.page.check(f"input[value={transport}]", force=True)
    lab.wait_for("server-sent-events", "complete", "chat")
    assert lab.text("server-sent-events", "chat") == lab.answer(tokens=240)
    assert lab.figure("tokens", "server-sent-events", "chat") == 240
    assert lab.figure("doubled", "server-sent-events", "chat") == 0
    # A run of text for each transport, all but one of them by changing over in the midst.
    runs = lab.lane("server-sent-events", "chat").locator(".text span")
    assert runs.evaluate_all("all => new Set(all.map(run => run.dataset.transport)).size") == len(way)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_stop_stops(lab, server, transport):
    lab.open(server, "chat", transport=transport, tokens=2000, rate=50, interval=50)
    lab.start()
    lab.wait_for_tokens(transport, 40, "chat")
    lab.page.click("#stop")
    lab.wait_for(transport, "stopped", "chat")
    shown = lab.text(transport, "chat")
    assert 40 <= len(shown) < len(lab.answer(tokens=2000))
    assert lab.answer(tokens=2000).startswith(shown)
    assert lab.page.locator("#stop").is_disabled()


def test_a_race_ends_with_equal_answers(lab, server):
    lab.open(server, "race", tokens=100, rate=60, interval=100)
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    answer = lab.answer(tokens=100)
    assert [lab.text(transport) for transport in TRANSPORTS] == [answer] * len(TRANSPORTS)


def test_the_articles_page_works_unchanged(lab, server):
    lab.server = server
    lab.page.goto(f"{server}/article.html")
    lab.page.fill("#message", "Hello & goodbye")
    lab.page.click("button")
    lab.page.wait_for_function("() => document.getElementById('state').textContent === 'Done.'")
    assert lab.page.locator("#answer").evaluate("e => e.textContent") == lab.answer(prompt="Hello & goodbye", tokens=200)


def test_the_articles_page_shows_a_refusal(lab):
    with serving("--max-prompt-bytes", "10") as address:
        lab.page.goto(f"{address}/article.html")
        lab.page.fill("#message", "longer than ten bytes")
        lab.page.click("button")
        expect(lab.page.locator("#state")).to_contain_text("it takes at most 10")
