"""The transports' files by themselves, against servers that say no."""

import pytest
from transports import TRANSPORTS

READ = """async ([transport, answer, random]) => {
  const { read } = await import(`/transports/${transport}.js`);
  if (random) Math.random = () => random;
  window.events = [];
  window.reading = read(answer, {
    token: (token) => events.push(['token', token.index]),
    waiting: (wait) => events.push(['waiting', wait]),
    done: ({ reason }) => events.push(['done', reason]),
    failed: (why) => events.push(['failed', why]),
  }, { interval: 10 });
}"""
QUESTION = {"prompt": "hello", "tokens": 10, "rate": 1000, "think": 0}


def read(lab, server, transport, answer, random=None):
    lab.page.goto(f"{server}/article.html")
    lab.page.evaluate(READ, [transport, answer, random])


def events(lab):
    return lab.page.evaluate("() => events")


def wait_for(lab, event):
    lab.page.wait_for_function("(name) => events.some(([event]) => event === name)", arg=event)


def ask(lab, server):
    return lab.page.request.post(f"{server}/streams", data=QUESTION).json()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_place_is_kept_up_to_date(lab, server, transport):
    read(lab, server, transport, {"question": QUESTION, "next": 4, **ask(lab, server)})
    wait_for(lab, "done")
    assert events(lab) == [["token", index] for index in range(4, 10)] + [["done", "complete"]]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_another_epoch_is_final(broken_lab, server, transport):
    answer = {"question": QUESTION, "next": 4, **ask(broken_lab, server), "epoch": "0" * 16}
    read(broken_lab, server, transport, answer, random=0.01)
    wait_for(broken_lab, "failed")
    assert events(broken_lab)[-1] == ["failed", "this stream has another epoch: read it from its start, with from=0"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_unknown_stream_is_asked_for_anew(broken_lab, server, transport):
    answer = {"question": QUESTION, "next": 4, **ask(broken_lab, server), "stream": "0" * 16}
    read(broken_lab, server, transport, answer, random=0.01)
    wait_for(broken_lab, "done")
    assert [index for event, index in events(broken_lab) if event == "token"] == list(range(4, 10))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_servers_own_time_is_obeyed(broken_lab, server, transport):
    refuse = {"status": 503, "headers": {"retry-after": "1"}, "json": {"error": "full"}}
    broken_lab.page.route("**/streams?reader=*", lambda route: route.fulfill(**refuse), times=1)
    read(broken_lab, server, transport, {"question": QUESTION, "next": 0})
    wait_for(broken_lab, "done")
    assert events(broken_lab)[0] == ["waiting", 1000]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_waits_grow_to_eight_seconds_and_are_random(broken_lab, server, transport):
    broken_lab.page.route("**/streams?reader=*", lambda route: route.abort())
    read(broken_lab, server, transport, {"question": QUESTION, "next": 0}, random=0.01)
    broken_lab.page.wait_for_function("() => events.length >= 8")
    waits = [wait for _, wait in events(broken_lab)[:8]]
    assert waits == pytest.approx([2.5, 5, 10, 20, 40, 80, 80, 80])
    broken_lab.page.evaluate("() => reading.close()")
    count = len(events(broken_lab))
    broken_lab.page.wait_for_timeout(300)
    assert len(events(broken_lab)) == count
