"""A real EventSource whose events leave the epoch out of their IDs: it is cut, and comes back by itself."""

from test_transports import QUESTION, wait_for

TOKENS = 30
LISTEN = """(path) => {
  window.events = [];
  window.ids = [];
  const source = new EventSource(path);
  source.onmessage = (event) => {
    events.push(['token', JSON.parse(event.data).index]);
    ids.push(event.lastEventId);
  };
  source.addEventListener('done', (event) => { source.close(); events.push(['done', event.lastEventId]); });
}"""


def test_an_event_source_goes_on_behind_the_index_it_saw(broken_lab, server, tap):
    page = broken_lab.page
    question = {**QUESTION, "tokens": TOKENS, "rate": 20}
    stream = page.request.post(f"{server}/streams", data=question).json()["stream"]
    page.goto(f"{tap.address}/article.html")
    tap.holds_behind = rb'"index":7,'
    page.evaluate(LISTEN, f"/streams/{stream}/events?from=0&ids=index")
    page.wait_for_function("() => events.length === 8")
    tap.cut()
    wait_for(broken_lab, "done")
    indices = list(range(TOKENS))
    assert page.evaluate("() => events") == [*(["token", index] for index in indices), ["done", str(TOKENS)]]
    assert page.evaluate("() => ids") == [str(index) for index in indices]
    first, again = tap.heads(r"GET /streams/\w+/events\?")
    assert "Last-Event-ID" not in first
    assert "Last-Event-ID: 7\r\n" in again
