"""What breaks, and who comes back: cuts, stalls, servers that go, and what the page says of it."""

import re

import pytest
from playwright.sync_api import expect
from pushlab import serving
from transports import TRANSPORTS

SLOW = {"tokens": 120, "rate": 20, "interval": 100}


def break_all(lab, what):
    lab.page.click(f"#race .breaking button:text-is('{what}')")


def assert_whole(lab, **question):
    answer = lab.answer(**question)
    for transport in TRANSPORTS:
        assert lab.text(transport) == answer
        assert lab.figure("lost", transport) == lab.figure("doubled", transport) == 0


@pytest.mark.parametrize("what", ["Cut all", "Stall all 2 s"])
def test_all_come_back_by_themselves(broken_lab, server, what):
    lab = broken_lab.open(server, "race", **SLOW)
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for_tokens(transport, 20)
    break_all(lab, what)
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    assert_whole(lab, tokens=120)
    for transport in TRANSPORTS:
        assert lab.figure("back", transport) > (0 if what == "Cut all" else 1000)
        # A cut takes away what was on its way; the server counts what it sent.
        lost = lab.counts(transport)["tokens"] - lab.figure("tokens", transport)
        assert lost >= 0 if what == "Cut all" else lost == 0
        # What a browser repeats by itself (RFC 9110, section 9.2.2) is a return too.
        returns = lab.page.locator("#race td[data-figure=reconnects]").nth(TRANSPORTS.index(transport))
        expect(returns).to_have_text("1 ×" if what == "Cut all" else "0 ×")


def test_nothing_jumps_when_a_connection_breaks(broken_lab, server):
    lab = broken_lab.open(server, "race", tokens=400, rate=50, interval=100)
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for_tokens(transport, 600)
    before = lab.page.locator("#race canvas").bounding_box()
    break_all(lab, "All offline 5 s")
    for transport in TRANSPORTS:
        expect(lab.lane(transport).locator(".notice")).to_be_visible()
    assert lab.page.locator("#race canvas").bounding_box() == before
    for transport in TRANSPORTS:
        # What came last stays in sight beside the notice.
        hidden = "text => text.scrollHeight - text.scrollTop - text.clientHeight"
        assert lab.lane(transport).locator(".text").evaluate(hidden) < 2


def test_one_lane_alone_is_cut(broken_lab, server):
    lab = broken_lab.open(server, "race", **SLOW)
    lab.start()
    lab.wait_for_tokens("server-sent-events", 20)
    lab.lane("server-sent-events").get_by_role("button", name="Cut").click()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    assert_whole(lab, tokens=120)
    returns = {transport: lab.figure("reconnects", transport) for transport in TRANSPORTS}
    assert returns == {transport: int(transport == "server-sent-events") for transport in TRANSPORTS}


def test_five_seconds_offline_lose_nothing(broken_lab, server):
    lab = broken_lab.open(server, "race", tokens=60, rate=10, interval=100)
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for_tokens(transport, 10)
    break_all(lab, "All offline 5 s")
    for transport in TRANSPORTS:
        lab.wait_for(transport, "waiting")
    expect(lab.lane("websocket").locator(".notice")).to_contain_text(re.compile("next try|comes back"))
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete", timeout=40_000)
    assert_whole(lab, tokens=60)


def test_naive_code_gives_up_and_says_so(broken_lab, server):
    lab = broken_lab.open(server, "race", code="naive", **SLOW)
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for_tokens(transport, 20)
    break_all(lab, "All offline 5 s")
    for transport in [each for each in TRANSPORTS if each != "server-sent-events"]:
        lab.wait_for(transport, "failed")
        expect(lab.lane(transport).locator(".notice")).to_contain_text("The naive code gave up")
        # A poll that was on its way may still bring some, and some that are there already.
        lost, tokens, doubled = lab.figures(["lost", "tokens", "doubled"], transport)
        assert lost == 120 - (tokens - doubled) > 0
    # The browser comes back for an event stream even where nobody thought of it.
    lab.wait_for("server-sent-events", "complete")
    assert lab.text("server-sent-events") == lab.answer(tokens=120)
    lab.lane("websocket").get_by_role("button", name="Try again").click()
    lab.wait_for("websocket", "complete")
    assert lab.text("websocket") == lab.answer(tokens=120)


def test_naive_polls_pile_up_and_double(lab, server):
    lab.open(server, "race", code="naive", **SLOW)
    lab.start()
    lab.wait_for_tokens("short-polling", 20)
    break_all(lab, "Stall all 2 s")
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    doubled = {transport: lab.figure("doubled", transport) > 0 for transport in TRANSPORTS}
    assert doubled == {name: name == "short-polling" for name in TRANSPORTS}


def test_a_server_that_was_started_anew_gives_the_rest(broken_lab):
    with serving() as address:
        lab = broken_lab.open(address, "race", **SLOW)
        lab.start()
        for transport in TRANSPORTS:
            lab.wait_for_tokens(transport, 20)
    for transport in TRANSPORTS:
        lab.wait_for(transport, "waiting")
        expect(lab.lane(transport).locator(".notice")).not_to_be_empty()
    with serving(port=address.rsplit(":", 1)[1]):
        for transport in TRANSPORTS:
            lab.wait_for(transport, "complete", timeout=60_000)
        assert_whole(lab, tokens=120)


def test_bytes_are_added_up_over_two_servers(broken_lab):
    with serving("--faults") as address:
        lab = broken_lab.open(address, "chat", transport="websocket", **SLOW)
        lab.start()
        expect(lab.page.locator("#chat td[data-figure=down]")).to_contain_text("B")
        lab.wait_for_tokens("websocket", 200, "chat")
        # The figure is asked for twice a second.
        lab.page.wait_for_timeout(1000)
        first = lab.figure("down", "websocket", "chat")
    with serving("--faults", port=address.rsplit(":", 1)[1]):
        lab.wait_for("websocket", "complete", "chat", timeout=60_000)
        counts = lab.counts("websocket", "chat")
        expect(lab.page.locator("#chat td[data-figure=tokens]")).to_have_text("120")
        lab.page.wait_for_timeout(1000)
        assert lab.figure("down", "websocket", "chat") >= first + counts["down"] > counts["down"]


def test_a_server_that_is_gone_is_told_of(broken_lab):
    with serving() as address:
        lab = broken_lab.open(address, "chat")
    lab.start()
    expect(lab.page.locator("#status")).to_contain_text("The server does not answer")
    expect(lab.page.locator("#status")).to_contain_text("Press Ask to try again")
    expect(lab.page.locator("#start")).to_be_enabled()
    lab.page.get_by_role("link", name="Six connections").click()
    lab.page.click("#six button.primary")
    expect(lab.page.locator("#six .lead[role=status]")).to_contain_text("Press the button to try again")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_stream_that_has_expired_is_asked_for_anew(broken_lab, server, transport):
    with serving("--retention", "0.1") as address:
        lab = broken_lab.open(address, "chat", transport=transport, tokens=30, rate=100, interval=50)
        # What was asked for is forgotten before it is read: the first stream's end is long past.
        lab.page.route("**/streams", lambda route: answer_late(lab, route, address))
        lab.start()
        lab.wait_for(transport, "complete", "chat")
        # Read from a server that does not forget it meanwhile: the answer is the same everywhere.
        lab.server = server
        assert lab.text(transport, "chat") == lab.answer(tokens=30)


def answer_late(lab, route, address):
    if route.request.method != "POST":
        return route.continue_()
    reply = lab.page.request.post(f"{address}/streams", data=route.request.post_data)
    stream = reply.json()["stream"]
    while lab.page.request.get(f"{address}/streams/{stream}").status == 200:
        lab.page.wait_for_timeout(50)
    route.fulfill(status=201, content_type="application/json", body=reply.text())


def test_a_proxy_that_buffers_is_told_of(lab, server):
    lab.open(server, "chat", transport="server-sent-events", tokens=60, rate=30)
    # The whole body at once, as a proxy hands it on that holds responses back.
    lab.page.route("**/events?*", lambda route: route.fulfill(response=route.fetch()))
    lab.start()
    lab.wait_for("server-sent-events", "complete", "chat")
    expect(lab.lane("server-sent-events", "chat").locator(".notice")).to_contain_text("a proxy that buffers")


@pytest.mark.parametrize(
    "missing, transport",
    [("EventSource", "server-sent-events"), ("TextDecoderStream", "http-streaming"), ("WebSocket", "websocket")],
)
def test_a_transport_that_the_browser_lacks_is_told_of(lab, server, missing, transport):
    lab.page.add_init_script(f"delete window.{missing}")
    lab.open(server, "race", tokens=20)
    lab.start()
    lab.wait_for(transport, "failed")
    expect(lab.lane(transport).locator(".notice")).to_contain_text(f"This browser has no {missing}")
    lab.wait_for("long-polling", "complete")


def test_without_faults_the_page_says_how_to_get_them(lab):
    with serving() as address:
        lab.open(address, "race", tokens=30, rate=100, interval=50)
        expect(lab.page.locator("#race")).to_contain_text("start the server with pushlab serve --faults")
        assert lab.page.get_by_role("button", name="Cut").count() == 0
        lab.start()
        for transport in TRANSPORTS:
            lab.wait_for(transport, "complete")
