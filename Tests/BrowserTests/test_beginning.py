"""The page before it is ready, and where it cannot become so."""

import pytest
from playwright.sync_api import expect
from test_meanwhile import Held
from transports import TRANSPORTS

ODD = {
    "a page": {"content_type": "text/html", "body": "<!doctype html><title>Another server</title>"},
    "null": {"content_type": "application/json", "body": "null"},
    "no names": {"json": []},
    "no list": {"json": {"short-polling": True}},
    "no texts": {"json": [5, None]},
}


@pytest.mark.parametrize("odd", ODD)
def test_a_server_that_names_no_transports_is_told_of(lab, server, odd):
    lab.page.route("**/transports", lambda route: route.fulfill(**ODD[odd]))
    lab.open(server, "race")
    expect(lab.page.locator("#status")).to_contain_text("The server names no transports")
    expect(lab.page.locator("#start")).to_be_disabled()
    # What needs none of them works.
    lab.page.get_by_role("link", name="Six connections").click()
    lab.page.click("#six button.primary")
    expect(lab.page.locator("#six .lead[role=status]")).to_have_text("6 are open, 2 wait.")


def test_a_server_that_refuses_to_name_its_transports_is_told_of(broken_lab, server):
    broken_lab.page.route("**/transports", lambda route: route.fulfill(status=503, body="<p>Later</p>"))
    broken_lab.open(server, "chat")
    expect(broken_lab.page.locator("#status")).to_have_text("The server refused: 503. Reload the page to try again.")


@pytest.mark.parametrize("name", ["websocket", "short-polling"])
def test_one_transport_is_enough(lab, server, name):
    lab.page.route("**/transports", lambda route: route.fulfill(json=[name]))
    lab.open(server, "chat", tokens=20, rate=200, interval=50)
    lab.start()
    lab.wait_for(name, "complete", "chat")
    assert lab.page.is_checked(f"input[value={name}]")
    assert lab.text(name, "chat") == lab.answer(tokens=20)


@pytest.mark.parametrize("view", ["chat", "race"])
def test_a_question_that_comes_before_the_page_is_ready_is_asked(lab, server, view):
    lab.server = server
    held = Held(lab.page, "**/transports")
    lab.page.goto(f"{server}/?view={view}&tokens=20&rate=200&interval=50", wait_until="commit")
    held.wait()
    expect(lab.page.locator("#tokens")).to_have_value("20")
    lab.page.evaluate("() => (window.isTheSame = true)")
    lab.page.fill("#prompt", "Who is early?")
    lab.page.press("#prompt", "Enter")
    held.let()
    for transport in TRANSPORTS if view == "race" else ["server-sent-events"]:
        lab.wait_for(transport, "complete", view)
        assert lab.text(transport, view) == lab.answer("Who is early?", tokens=20)
    assert lab.page.evaluate("() => window.isTheSame"), "the page was loaded anew"


def test_a_question_that_comes_early_where_nothing_is_asked_opens_nothing(lab, server):
    held = Held(lab.page, "**/transports")
    lab.page.goto(f"{server}/?view=six", wait_until="commit")
    held.wait()
    lab.page.press("#prompt", "Enter")
    held.let()
    expect(lab.page.locator("#six")).to_be_visible()
    assert lab.page.locator("#six .isOpen").count() == 0
    expect(lab.page.locator("#six button.primary")).to_be_enabled()
