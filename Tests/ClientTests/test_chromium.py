"""Chromium's own fetch, EventSource and WebSocket, without the page's code around them."""

import pytest
from clients import QUESTION, start
from pushlab import serving

TOKENS = QUESTION["tokens"]

FETCH_POLL = """async (path) => {
  const page = await (await fetch(`${path}/poll?from=3`)).json();
  return page.tokens.map((token) => token.index);
}"""
FETCH_HELD_POLLS = """async (path) => {
  const indices = [];
  for (let done = false; !done; ) {
    const page = await (await fetch(`${path}/long-poll?from=${indices.length}`)).json();
    indices.push(...page.tokens.map((token) => token.index));
    done = page.done;
  }
  return indices;
}"""
FETCH_EVENTS = """async (path) => {
  const reader = (await fetch(`${path}/events`)).body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  return [...text.matchAll(/"index":(\\d+)/g)].map(([, index]) => Number(index));
}"""
EVENT_SOURCE = """(path) => new Promise((say, fail) => {
  const indices = [];
  const source = new EventSource(`${path}/events`);
  source.onmessage = (event) => indices.push(JSON.parse(event.data).index);
  source.onerror = () => fail(new Error('the event stream broke'));
  source.addEventListener('done', () => { source.close(); say(indices); });
})"""
WEB_SOCKET = """(path) => new Promise((say, fail) => {
  const indices = [];
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}${path}/socket`);
  socket.onmessage = (event) => indices.push(JSON.parse(event.data).index);
  socket.onclose = (event) => event.code === 1000 ? say(indices.slice(0, -1)) : fail(new Error(`closed ${event.code}`));
})"""
AGREED = """() => new Promise((say) => {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/echo`);
  socket.onopen = () => { say(socket.extensions); socket.close(); };
})"""
ASK = """async (question) => {
  const reply = await fetch('/streams', { method: 'POST', body: JSON.stringify(question) });
  return [reply.status, (await reply.json()).stream];
}"""


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture
def opened(page, server):
    page.goto(f"{server}/article.html")
    return page


@pytest.mark.parametrize(
    "read",
    [FETCH_HELD_POLLS, FETCH_EVENTS, EVENT_SOURCE, WEB_SOCKET],
    ids=["fetch, held polls", "fetch, events", "EventSource", "WebSocket"],
)
def test_a_stream_to_its_end(opened, server, stream, read):
    assert opened.evaluate(read, stream.removeprefix(server)) == list(range(TOKENS))


def test_a_poll(opened, server, ended):
    assert opened.evaluate(FETCH_POLL, ended.removeprefix(server)) == list(range(3, TOKENS))


def test_a_question(opened):
    status, stream = opened.evaluate(ASK, QUESTION)
    assert status == 201
    assert opened.evaluate(EVENT_SOURCE, f"/streams/{stream}") == list(range(TOKENS))


def test_compressed_messages(page):
    with serving("--max-deflated-sockets", "10") as server:
        page.goto(f"{server}/article.html")
        assert page.evaluate(AGREED) == "permessage-deflate"
        assert page.evaluate(WEB_SOCKET, start(server).removeprefix(server)) == list(range(TOKENS))
