"""The page behind a link: the lecturer chooses it, and the lanes part."""

import pytest
from playwright.sync_api import expect
from pushlab import links_can_be_made, serving
from transports import TRANSPORTS


@pytest.fixture(scope="module")
def linked():
    if not links_can_be_made():
        pytest.skip("this machine's kernel makes no links")
    with serving("--network", "lan", "--faults") as address:
        yield address


def answer_times(lab):
    """Milliseconds from the asking to the first token, as the page measured them."""
    return {transport: lab.figure("first", transport) for transport in TRANSPORTS}


def race(lab, linked, network, **settings):
    lab.open(linked, "race", **settings)
    choice = lab.page.locator("#network select")
    expect(choice).to_be_visible()
    expect(choice).not_to_have_value("")
    if choice.input_value() != network:
        choice.select_option(network)
        expect(lab.page.locator("#status")).to_contain_text(f"The network is {network} now.")
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete", timeout=120_000)
    return answer_times(lab)


def test_the_lanes_part_with_the_distance(lab, linked):
    # Asked for, and then read: nothing comes sooner than two ways there and back, of 260 ms each at least.
    for time in race(lab, linked, "3g", tokens=40, interval=100).values():
        assert time > 500
    # A long poll comes for each token, and what is pushed comes by itself, unless a busy machine holds that back, too.
    for _ in range(5):
        behind = {transport: lab.figure("p95", transport) for transport in TRANSPORTS}
        if behind["long-polling"] > behind["server-sent-events"] + 20:
            break
        race(lab, linked, "3g", tokens=40, interval=100)
    else:
        pytest.fail(f"a long poll was not behind: {behind}")
    # All of it arrived.
    assert len({lab.text(transport) for transport in TRANSPORTS}) == 1


def test_the_choice_stays_with_the_server(lab, linked):
    race(lab, linked, "home-wifi", tokens=5)
    lab.open(linked, "chat")
    expect(lab.page.locator("#network select")).to_have_value("home-wifi")


def test_where_there_is_no_link_there_is_no_choice(lab, server):
    lab.open(server, "race")
    expect(lab.page.locator("html[data-ready]")).to_be_visible()
    expect(lab.page.locator("#network")).to_be_hidden()
    answer = lab.page.request.get(f"{server}/network").json()
    assert answer == {"names": []}


@pytest.mark.parametrize("name", ["5g", "", "3g%00"])
def test_a_network_that_is_none_is_refused(lab, linked, name):
    answer = lab.page.request.post(f"{linked}/network?name={name}")
    assert answer.status == 400 and "'name' takes one of lan, home-wifi" in answer.json()["error"]


def test_the_readmes_picture_of_the_race_at_4g(lab, linked):
    lab.page.set_viewport_size({"width": 1280, "height": 900})
    race(lab, linked, "4g", tokens=80, rate=25, interval=500)
    lab.page.wait_for_function("() => document.getElementById('status').textContent === ''")
    assert 10_000 < lab.picture("PUSHLAB_PICTURE_4G", "race-4g.png").stat().st_size < 200_000
