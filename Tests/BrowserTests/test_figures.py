"""The page's figures, with `--faults` and without, against a relay that counts what goes through it."""

import json
import re

import pytest
from playwright.sync_api import expect
from pushlab import PROJECT, serving
from relay import Relay
from transports import TRANSPORTS

SLOW = {"tokens": 120, "rate": 25, "interval": 100}
# One answer each, but for long polling.
STREAMED = ["server-sent-events", "http-streaming", "websocket"]
PUSHED = ["long-polling", *STREAMED]


@pytest.fixture(params=["with faults", "without faults"])
def relay(request):
    """Between the browser and a server of its own."""
    with serving(*(["--faults"] if request.param == "with faults" else [])) as address:
        with Relay(int(address.rsplit(":", 1)[1])) as relay:
            yield relay


def tag(lab, transport, view="race"):
    return lab.lane(transport, view).get_attribute("data-reader")


def wait_until(lab, figures, seen):
    """Waits until the page's figures are those that were seen, and says which are not."""
    for _ in range(100):
        shown = figures()
        if shown == seen():
            return
        lab.page.wait_for_timeout(100)
    assert figures() == seen()


def shown(lab, view="race", transports=TRANSPORTS):
    names = ["requests", "bodies", "down", "up", "reconnects"]
    return {transport: {name: lab.figure(name, transport, view) for name in names} for transport in transports}


def witnessed(lab, relay, returns=0):
    return {transport: weigh(relay.exchanges(tag(lab, transport)), returns) for transport in TRANSPORTS}


def weigh(exchanges, returns=0):
    return {
        "requests": len(exchanges),
        "bodies": sum(len(exchange.bodies or b"") for exchange in exchanges),
        "down": sum(len(exchange.down) for exchange in exchanges),
        "up": sum(len(exchange.up) for exchange in exchanges),
        "reconnects": returns,
    }


@pytest.mark.parametrize("code", ["resume", "naive"])
def test_what_travels_is_what_went_over_the_wire(lab, relay, code):
    # Naive polls overtake each other where an answer takes longer than the pause between two.
    lab.open(relay.address, "race", code=code, **(SLOW | {"interval": 500}))
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    wait_until(lab, lambda: shown(lab), lambda: witnessed(lab, relay))
    seen = witnessed(lab, relay)
    # Each has a head of its own.
    polls = seen["long-polling"]
    assert polls["requests"] > 1 and polls["down"] > polls["bodies"] + 100 * polls["requests"]
    assert [seen[transport]["requests"] for transport in STREAMED] == [1, 1, 1]


def test_what_travels_while_an_answer_goes_on(lab, relay):
    lab.open(relay.address, "race", **(SLOW | {"rate": 3, "interval": 1000}))
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for_tokens(transport, 20)
    for transport in STREAMED:
        # A token's bytes, which a look four times a second does not miss for long.
        cell = lab.page.locator("#race td[data-figure=down]").nth(TRANSPORTS.index(transport))
        first = float(cell.get_attribute("data-value"))
        expect(cell).not_to_have_attribute("data-value", str(int(first)))
        shown = float(cell.get_attribute("data-value"))
        [exchange] = relay.exchanges(tag(lab, transport))
        assert first <= shown <= len(exchange.down)


@pytest.mark.parametrize("transport", PUSHED)
def test_who_comes_back_is_counted_with_all_that_it_takes(broken_lab, relay, transport):
    def broken(name):
        return sum(not exchange.is_whole for exchange in relay.exchanges(name))

    # A request may be sent into a connection just as it is cut behind a whole answer: then two break at once.
    for _ in range(5):
        # Slow enough that a held answer is not about to be sent when it is cut.
        lab = broken_lab.open(relay.address, "chat", transport=transport, tokens=30, rate=5, jitter=0)
        lab.start()
        lab.wait_for_tokens(transport, 20, "chat")
        while not relay.cut(tag(lab, transport, "chat")):
            lab.page.wait_for_timeout(1)
        lab.wait_for(transport, "complete", "chat")
        assert lab.text(transport, "chat") == lab.answer(tokens=30)
        name = tag(lab, transport, "chat")
        if broken(name) == 1:
            break

    def seen():
        exchanges = relay.exchanges(name)
        # What was cut off may have had its last message in the kernel.
        assert broken(name) == 1
        return {name: count for name, count in weigh(exchanges, 1).items() if name in ("requests", "up", "reconnects")}

    def figures():
        return {name: lab.figure(name, transport, "chat") for name in ("requests", "up", "reconnects")}

    wait_until(lab, figures, seen)
    down = sum(len(exchange.down) for exchange in relay.exchanges(name))
    assert down <= lab.figure("down", transport, "chat") <= down + 500


def test_what_the_browser_repeats_by_itself_is_counted(broken_lab):
    with serving("--faults") as address, Relay(int(address.rsplit(":", 1)[1])) as relay:
        lab = broken_lab.open(relay.address, "race", **SLOW)
        lab.start()
        for transport in TRANSPORTS:
            lab.wait_for_tokens(transport, 20)
        asked = []
        lab.page.on("request", lambda request: asked.append(request.url))
        lab.page.click("#race .breaking button:text-is('Cut all')")
        for transport in TRANSPORTS:
            lab.wait_for(transport, "complete")

        def requests():
            counts = [relay.exchanges(tag(lab, transport)) for transport in TRANSPORTS]
            return {transport: (len(exchanges), 1) for transport, exchanges in zip(TRANSPORTS, counts)}

        def figures():
            return {t: (lab.figure("requests", t), lab.figure("reconnects", t)) for t in TRANSPORTS}

        wait_until(lab, figures, requests)
        for transport in TRANSPORTS:
            assert sum(not exchange.is_whole for exchange in relay.exchanges(tag(lab, transport))) == 1


def test_who_changes_over_does_not_come_back(lab, relay):
    lab.open(relay.address, "chat", transport="websocket", **(SLOW | {"tokens": 300}))
    tags = []
    lab.start()
    for count, transport in enumerate([*TRANSPORTS, "server-sent-events"], start=1):
        lab.wait_for_tokens(lab.page.locator("#chat .lane").get_attribute("data-transport"), 60 * count, "chat")
        tags.append(lab.page.locator("#chat .lane").get_attribute("data-reader"))
        lab.page.check(f"input[value={transport}]", force=True)
    tags.append(tag(lab, "server-sent-events", "chat"))
    lab.wait_for("server-sent-events", "complete", "chat")

    def seen():
        return sum(len(relay.exchanges(name)) for name in tags), 0

    def figures():
        return lab.figure("requests", "", "chat"), lab.figure("reconnects", "", "chat")

    assert len(set(tags)) == len(tags)
    wait_until(lab, figures, seen)


def test_first_tokens_delays_and_gaps_are_no_shorter_than_what_the_relay_saw(lab, relay):
    """Whatever the page does takes time, and none of its figures may leave that out. A clock compared with another's
    is wrong by half of the time that the question took."""
    lab.open(relay.address, "race", **SLOW)
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    [question] = [exchange for exchange in relay.exchanges() if exchange.target == "/streams"]
    started = json.loads(question.bodies)
    schedule = lab.page.request.get(f"{relay.address}/streams/{started['stream']}/schedule").json()
    for transport in TRANSPORTS:
        arrivals = [arrival(relay.exchanges(tag(lab, transport)), index) for index in range(120)]
        delays = [(at - (started["started"] + offset) / 1e9) * 1000 for at, offset in zip(arrivals, schedule["offsets"])]
        gaps = [(at - before) * 1000 for before, at in zip(arrivals, arrivals[1:])]
        assert lab.figure("first", transport) > (arrivals[0] - question.asked) * 1000 - 1
        assert quantile(delays) - 20 < lab.figure("p95", transport) < quantile(delays) + 1000
        assert 0 <= lab.figure("gap", transport) < quantile(gaps) + 1000
        assert lab.figure("delay", transport) > delays[-1] - 20


def arrival(exchanges, index):
    came = [exchange.came(b'"index":%d,' % index) for exchange in exchanges]
    return next(when for when in came if when is not None)


def quantile(values):
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def test_the_time_of_the_question_belongs_to_the_first_token(lab, server):
    lab.open(server, "chat", transport="websocket", tokens=5)

    def answer_late(route):
        lab.page.wait_for_timeout(3000)
        route.continue_()

    lab.page.route("**/streams", answer_late)
    lab.start()
    lab.wait_for("websocket", "complete", "chat")
    assert lab.figure("first", "websocket", "chat") > 3000


def test_tokens_that_never_came_are_lost_up_to_the_end(lab, server):
    lab.open(server, "chat", transport="short-polling", tokens=7)
    end = {"tokens": [{"index": 0, "token": "a"}], "next": 7, "done": True, "reason": "complete"}
    lab.page.route(re.compile(r"/poll\?"), lambda route: route.fulfill(json=end))
    lab.start()
    lab.wait_for("short-polling", "complete", "chat")
    expect(lab.page.locator("#chat td[data-figure=lost]")).to_have_text("6")
    # None of the polls came to the server, and nobody has counted any.
    expect(lab.page.locator("#chat td[data-figure=requests]")).to_have_text("–")


def test_tokens_that_came_twice_are_those_that_the_relay_saw_twice(lab):
    with serving("--faults") as address, Relay(int(address.rsplit(":", 1)[1])) as relay:
        lab.open(relay.address, "chat", transport="short-polling", code="naive", **SLOW)
        lab.start()
        lab.wait_for_tokens("short-polling", 20, "chat")
        lab.lane("short-polling", "chat").get_by_role("button", name="Stall").click()
        lab.wait_for("short-polling", "complete", "chat")

        def seen():
            bodies = b"".join(exchange.bodies or b"" for exchange in relay.exchanges(tag(lab, "short-polling", "chat")))
            indexes = re.findall(rb'"index":(\d+),', bodies)
            return len(indexes), len(indexes) - len(set(indexes))

        def figures():
            return lab.figure("tokens", "", "chat"), lab.figure("doubled", "", "chat")

        wait_until(lab, figures, seen)
        assert lab.figure("doubled", "", "chat") > 0
        # Nothing new comes while it is held back, and that is most of the two seconds.
        assert lab.figure("back", "", "chat") > 1000


@pytest.mark.parametrize("code, folder", [("resume", "transports"), ("naive", "naive")])
def test_lines_of_code_are_counted(lab, server, code, folder):
    lab.open(server, "race", code=code)
    for transport in TRANSPORTS:
        text = (PROJECT / "static" / folder / f"{transport}.js").read_text()
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        # What a file says about itself is for the page, and reads nothing.
        text = re.sub(r"^(\s*//|export const about).*", "", text, flags=re.MULTILINE)
        lines = [line for line in text.splitlines() if line.strip()]
        expect(lab.lane(transport).locator("header .size")).to_have_text(f"{len(lines)} lines of code")


def test_streams_of_a_server_that_is_gone_do_not_wait_for_each_other(broken_lab):
    with serving() as address:
        lab = broken_lab.open(address, "six")
        lab.page.click("#six button.primary")
        expect(lab.page.locator("#six .lead[role=status]")).to_have_text("6 are open, 2 wait.")
    expect(lab.page.locator("#six .lead[role=status]")).to_have_text("0 are open, 8 wait.")
    expect(lab.page.locator(".sixes .reason").first).to_contain_text("The server does not answer")


@pytest.mark.parametrize("view", ["race", "chat"])
def test_no_figure_is_cut_off_on_a_narrow_screen(lab, server, view):
    lab.page.set_viewport_size({"width": 390, "height": 900})
    lab.open(server, view, transport="websocket", tokens=40, rate=100, interval=50)
    lab.start()
    lab.wait_for("websocket", "complete", view)
    cells = lab.page.locator(f"#{view} td[data-figure], #{view} .hood th:not(.source)")
    for box in cells.evaluate_all("all => all.map(e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right])"):
        assert 0 <= box[0] <= box[1] <= 390
    table = lab.page.locator(f"#{view}").get_by_role("table")
    assert table.get_by_role("rowheader").count() == 13
    assert table.get_by_role("cell").count() == 13 * ((len(TRANSPORTS) if view == "race" else 1) + 1)
