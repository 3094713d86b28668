"""A visit to what `make serve` starts: the server outlives it, and the page has nothing to complain of."""

import pytest
from playwright.sync_api import expect
from pushlab import making_serve
from transports import TRANSPORTS


@pytest.fixture
def own_server():
    """It is the end of this that tells of a server that did not live to be stopped."""
    with making_serve() as address:
        yield address


def look_at_the_wire(lab, transport, view):
    lab.lane(transport, view).get_by_role("button", name="Wire").click()
    expect(lab.lane(transport, view).locator(".wire .message").first).to_be_visible()


def test_twenty_loads_a_race_and_a_chat(lab, own_server):
    for number in range(20):
        lab.open(own_server, ["race", "chat", "six"][number % 3])
    lab.open(own_server, "race", tokens=60, rate=100, interval=50)
    lab.start()
    for transport in TRANSPORTS:
        look_at_the_wire(lab, transport, "race")
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    lab.open(own_server, "chat", tokens=60, rate=100)
    lab.start()
    look_at_the_wire(lab, "server-sent-events", "chat")
    lab.wait_for("server-sent-events", "complete", "chat")
    assert lab.page.request.get(f"{own_server}/healthz").ok


def test_cut_stall_and_offline(broken_lab, own_server):
    lab = broken_lab.open(own_server, "race", tokens=2000, rate=25, interval=100)
    lab.start()
    for transport in TRANSPORTS:
        look_at_the_wire(lab, transport, "race")
    for what in ["Cut all", "Stall all 2 s", "All offline 5 s"]:
        lab.page.click(f"#race .breaking button:text-is('{what}')")
        for transport in TRANSPORTS:
            before = len(lab.text(transport))
            lab.wait_for_tokens(transport, before + 10)
    lab.page.click("#stop")
    for transport in TRANSPORTS:
        lab.wait_for(transport, "stopped")
    lab.open(own_server, "race")
    assert lab.page.request.get(f"{own_server}/healthz").ok
