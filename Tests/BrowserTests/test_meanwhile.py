"""What somebody does while the page waits for an answer: click again, go elsewhere, choose otherwise."""

import json
import re

import pytest
from playwright.sync_api import expect
from pushlab import serving
from transports import TRANSPORTS


class Held:
    """Requests that are let through when a test says so."""

    def __init__(self, page, pattern):
        self.page = page
        self.routes = []
        self.are_held = True
        page.route(pattern, lambda route: self.routes.append(route) if self.are_held else route.continue_())

    def wait(self, count=1):
        for _ in range(1000):
            if len(self.routes) >= count:
                return
            self.page.wait_for_timeout(10)
        raise AssertionError(f"{len(self.routes)} requests came instead of {count}")

    def let(self):
        self.are_held = False
        for route in self.routes:
            route.continue_()


def asked(page):
    """The streams that the server says it started for this page, as they come."""
    streams = []

    def note(response):
        if response.request.method == "POST" and response.url.endswith("/streams"):
            streams.append(response.json()["stream"])

    page.on("response", note)
    return streams


def wait_for_count(page, streams, count):
    while len(streams) < count:
        page.wait_for_timeout(10)


def wait_until_stopped(lab, stream):
    for _ in range(1000):
        state = lab.page.request.get(f"{lab.server}/streams/{stream}/long-poll?wait=0.1").json()
        if state["done"]:
            assert state["reason"] == "stopped"
            return
    raise AssertionError("the stream goes on, and nobody reads it")


def open_event_streams(lab):
    text = lab.page.request.get(f"{lab.server}/metrics").text()
    return int(re.search(r'pushlab_open_exchanges\{transport="server-sent-events"\} (\d+)', text)[1])


def wait_until_none_is_open(lab):
    for _ in range(500):
        if open_event_streams(lab) == 0:
            return
        lab.page.wait_for_timeout(20)
    raise AssertionError(f"{open_event_streams(lab)} event streams are still open")


@pytest.fixture
def own_server():
    """One whose counts are of this test alone."""
    with serving() as address:
        yield address


def test_a_double_click_opens_eight_streams_and_close_all_closes_them(lab, own_server):
    lab.open(own_server, "six")
    lab.page.get_by_role("button", name="Open eight event streams").dblclick()
    expect(lab.page.locator("#six .lead[role=status]")).to_have_text("6 are open, 2 wait.")
    expect(lab.page.locator(".sixes li")).to_have_count(8)
    lab.page.get_by_role("button", name="Close all").click()
    wait_until_none_is_open(lab)


def test_close_all_while_the_streams_are_asked_for_opens_none(lab, own_server):
    lab.open(own_server, "six")
    streams = asked(lab.page)
    held = Held(lab.page, "**/streams")
    lab.page.get_by_role("button", name="Open eight event streams").click()
    held.wait()
    lab.page.get_by_role("button", name="Close all").click()
    with lab.page.expect_request_finished(lambda request: request.method == "DELETE"):
        held.let()
    wait_for_count(lab.page, streams, 1)
    wait_until_stopped(lab, streams[0])
    expect(lab.page.locator(".sixes li")).to_have_count(0)
    assert open_event_streams(lab) == 0


@pytest.mark.parametrize("view, other", [("race", "Chat"), ("chat", "Six connections"), ("six", "Race")])
def test_who_goes_elsewhere_meanwhile_leaves_nothing_running(lab, own_server, view, other):
    lab.open(own_server, view, tokens=2000, rate=10)
    streams = asked(lab.page)
    held = Held(lab.page, "**/streams")
    lab.page.click("#six button.primary" if view == "six" else "#start")
    held.wait()
    lab.page.get_by_role("link", name=other, exact=True).click()
    if other != "Six connections":
        expect(lab.page.locator("#start")).to_be_enabled()
    with lab.page.expect_request_finished(lambda request: request.method == "DELETE"):
        held.let()
    wait_for_count(lab.page, streams, 1)
    wait_until_stopped(lab, streams[0])
    assert lab.page.locator(f"#{view} .lane[data-reader]").count() == 0


@pytest.mark.parametrize("view", ["race", "chat"])
def test_asking_twice_leaves_one_answer_running(lab, own_server, view):
    lab.open(own_server, view, tokens=2000, rate=100)
    streams = asked(lab.page)
    held = Held(lab.page, "**/streams")
    lab.page.evaluate("() => { const form = document.forms.settings; form.requestSubmit(); form.requestSubmit(); }")
    held.wait(2)
    held.let()
    lab.wait_for_tokens("server-sent-events", 20, view)
    wait_for_count(lab.page, streams, 2)
    while not any(is_over(lab, stream) for stream in streams):
        lab.page.wait_for_timeout(10)
    assert not all(is_over(lab, stream) for stream in streams)
    lab.page.click("#stop")
    for stream in streams:
        wait_until_stopped(lab, stream)


def is_over(lab, stream):
    return lab.page.request.get(f"{lab.server}/streams/{stream}/poll").json()["done"]


def test_the_code_that_is_chosen_meanwhile_reads(lab, own_server):
    lab.open(own_server, "chat", transport="long-polling", tokens=20, rate=100)
    polls = []
    lab.page.on("request", lambda request: polls.append(request.url) if "/long-poll?" in request.url else None)
    held = Held(lab.page, "**/streams")
    lab.start()
    held.wait()
    lab.page.check("input[value=naive]", force=True)
    held.let()
    lab.wait_for("long-polling", "complete", "chat")
    # The naive code names no epoch.
    assert polls and not any("epoch=" in url for url in polls)
    expect(lab.page.locator("#chat .code h4")).to_contain_text("naive/long-polling.js")


def test_a_second_race_is_shown_though_the_first_ones_figures_come_late(lab, server):
    lab.open(server, "race", tokens=20, rate=200, interval=50)
    held = Held(lab.page, "**/readers?*")
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    held.wait()
    first = lab.lane("websocket").get_attribute("data-reader")
    lab.page.fill("#tokens", "60")
    lab.start()
    lab.page.wait_for_selector(f"#race .lane[data-transport=websocket]:not([data-reader='{first}'])")
    held.let()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    expect(lab.page.locator("#race td[data-figure=tokens]")).to_have_text(["60"] * len(TRANSPORTS))


def test_a_race_that_begins_before_the_server_said_what_it_does_is_shown(broken_lab, own_server):
    lab = broken_lab
    held = Held(lab.page, "**/healthz")
    lab.page.goto(f"{own_server}/?view=race&tokens=100&rate=50&interval=50")
    lab.server = own_server
    lab.page.wait_for_selector("html[data-ready]")
    held.wait()
    lab.start()
    lab.wait_for_tokens("websocket", 20)
    held.let()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    expect(lab.page.locator("#race td[data-figure=tokens]")).to_have_text(["100"] * len(TRANSPORTS))


def test_a_naive_poll_that_comes_after_the_change_over_moves_nothing(lab, server):
    question = {"prompt": "hello", "tokens": 10, "rate": 1000, "think": 0}
    answer = lab.page.request.post(f"{server}/streams", data=json.dumps(question)).json()
    lab.page.goto(f"{server}/article.html")
    held = Held(lab.page, "**/poll?*")
    lab.page.evaluate(
        """async (answer) => {
          const { read } = await import('/naive/short-polling.js');
          window.events = [];
          window.answer = answer;
          const note = (name) => () => events.push(name);
          const on = { token: note('token'), done: note('done'), failed: note('failed') };
          window.reading = read(answer, on, { interval: 10 });
        }""",
        {**answer, "next": 0},
    )
    held.wait()
    lab.page.evaluate("() => reading.close()")
    with lab.page.expect_request_finished(lambda request: "/poll?" in request.url):
        held.let()
    lab.page.wait_for_timeout(200)
    assert lab.page.evaluate("() => [events, answer.next]") == [[], 0]


def test_the_wire_is_that_of_the_reader_that_is_shown(lab, server):
    lab.open(server, "chat", transport="websocket", tokens=20, rate=100)
    lab.start()
    lab.wait_for("websocket", "complete", "chat")
    held = Held(lab.page, "**/faults/wire?*")
    lab.lane("websocket", "chat").get_by_role("button", name="Wire").click()
    held.wait()
    lab.page.fill("#prompt", "another")
    lab.page.fill("#rate", "1")
    lab.start()
    lab.wait_for("websocket", "asking", "chat")
    with lab.page.expect_request_finished(lambda request: "/faults/wire?" in request.url):
        held.let()
    wire = lab.lane("websocket", "chat").locator(".wire")
    # The end of the first answer is not shown as this one's.
    lab.wait_for("websocket", "typing", "chat")
    expect(wire.locator(".lit", has_text='"index":0').first).to_be_visible()
    assert wire.locator(".lit", has_text='"done"').count() == 0
    lab.page.click("#stop")
    lab.wait_for("websocket", "stopped", "chat")
