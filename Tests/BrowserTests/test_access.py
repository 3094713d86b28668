"""Who may use a server, as a real browser sees it: the page's own policy, the token, pages of other origins."""

import http.server
import threading

import pytest
from playwright.sync_api import expect
from pushlab import serving
from transports import TRANSPORTS

TOKEN = "correct-horse+battery/1="

# Each reads a stream as a page would, and says what it could read.
READ_WITH_FETCH = """async ([url, fields]) => {
  try {
    const response = await fetch(url, { headers: fields });
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    return error.name;
  }
}"""
READ_WITH_EVENT_SOURCE = """([url]) => new Promise((say) => {
  const source = new EventSource(url);
  source.addEventListener("done", (event) => { source.close(); say(event.data); });
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) say("closed"); };
})"""
READ_WITH_WEB_SOCKET = """([url]) => new Promise((say) => {
  const socket = new WebSocket(url.replace("http", "ws"));
  socket.onmessage = (event) => { if (JSON.parse(event.data).done) say(event.data); };
  socket.onclose = (event) => say(`closed ${event.code}`);
})"""
SEND = """([url, options]) => fetch(url, options).then((response) => response.json(), (error) => error.name)"""


@pytest.fixture(scope="module")
def other_origin():
    """A server of somebody else's, whose page is empty."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=other.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{other.server_port}"
    other.shutdown()
    thread.join()
    other.server_close()


def start(page, server, headers=None):
    """Asks for a short stream, without the page."""
    question = {"prompt": "Who reads this?", "tokens": 3, "rate": 1000, "think": 0}
    answer = page.request.post(f"{server}/streams", data=question, headers=headers or {})
    return f"{server}/streams/{answer.json()['stream']}"


def streams_started(page, server, headers=None):
    lines = page.request.get(f"{server}/metrics", headers=headers or {}).text().splitlines()
    return next(line for line in lines if line.startswith("pushlab_streams_started_total"))


def test_the_policy_holds_and_the_page_works_under_it(broken_lab, server):
    lab = broken_lab.open(server, "race", tokens=30, rate=200, interval=50)
    policy = lab.page.request.get(server).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
    assert lab.complaints == []
    # It is the browser that keeps it: a script in the page's text does not run.
    lab.page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
    }""")
    assert lab.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in lab.complaints)
    lab.complaints.clear()


def test_the_page_asks_for_the_token_and_shows_it(broken_lab):
    with serving(PUSHLAB_TOKEN=TOKEN) as server:
        lab = broken_lab.open(server, "race", tokens=30, rate=200, interval=50)
        dialog = lab.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        lab.page.fill("#token-text", "another-than-the-right-one")
        lab.page.keyboard.press("Enter")
        expect(dialog).to_contain_text("This is not the access token.")
        assert len(lab.complaints) == 1 and "401" in lab.complaints[0]
        lab.page.fill("#token-text", TOKEN)
        lab.page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        lab.start()
        for transport in TRANSPORTS:
            lab.wait_for(transport, "complete")
        assert len(lab.complaints) == 1
        assert TOKEN not in lab.page.url


def test_who_does_not_know_the_token_is_told_so(broken_lab):
    with serving(PUSHLAB_TOKEN=TOKEN) as server:
        lab = broken_lab.open(server, "chat")
        expect(lab.page.get_by_role("dialog")).to_be_visible()
        lab.page.keyboard.press("Escape")
        lab.start()
        expect(lab.page.locator("#status")).to_contain_text("The server refused: ")


def test_a_page_of_another_origin_reads_nothing(page, other_origin):
    with serving() as server:
        stream = start(page, server)
        before = streams_started(page, server)
        page.goto(other_origin)
        for resource in ["poll", "long-poll", "events"]:
            assert page.evaluate(READ_WITH_FETCH, [f"{stream}/{resource}", {}]) == "TypeError"
        assert page.evaluate(READ_WITH_EVENT_SOURCE, [f"{stream}/events"]) == "closed"
        assert page.evaluate(READ_WITH_WEB_SOCKET, [f"{stream}/socket"]) == "closed 1006"
        # Nor does it set anything going: a form's kind of POST, an image, a stop.
        post = {"method": "POST", "body": '{"prompt":"a"}', "mode": "no-cors"}
        page.evaluate("([url, options]) => fetch(url, options).then(() => 0)", [f"{server}/streams", post])
        page.evaluate(
            """(url) => new Promise((say) => {
              const image = new Image();
              image.onload = image.onerror = () => say();
              image.src = url;
            })""",
            f"{server}/chat-stream?prompt=a",
        )
        assert page.evaluate(SEND, [stream, {"method": "DELETE"}]) == "TypeError"
        assert streams_started(page, server) == before


def test_a_page_of_an_allowed_origin_reads_everything(page, other_origin):
    with serving("--allow-origin", other_origin, PUSHLAB_TOKEN=TOKEN) as server:
        fields = {"authorization": f"Bearer {TOKEN}"}
        page.goto(other_origin)
        question = {"method": "POST", "headers": fields, "body": '{"prompt":"a","tokens":3,"rate":1000,"think":0}'}
        started = page.evaluate(SEND, [f"{server}/streams", question])
        stream = f"{server}/streams/{started['stream']}"
        query = f"token={TOKEN.replace('+', '%2B')}"
        done = page.evaluate(READ_WITH_EVENT_SOURCE, [f"{stream}/events?{query}"])
        assert done == '{"reason":"complete","tokens":3}'
        done = page.evaluate(READ_WITH_WEB_SOCKET, [f"{stream}/socket?{query}"])
        assert done == '{"done":{"reason":"complete","tokens":3}}'
        for resource in ["poll", "long-poll"]:
            assert '"done":true' in page.evaluate(READ_WITH_FETCH, [f"{stream}/{resource}", fields])
        # What is refused can be read as well, so that such a page can say why.
        assert page.evaluate(READ_WITH_FETCH, [f"{stream}/poll", {}]).startswith('401 {"error":')
        assert page.evaluate(READ_WITH_EVENT_SOURCE, [f"{stream}/events"]) == "closed"
        assert page.evaluate(READ_WITH_WEB_SOCKET, [f"{stream}/socket"]) == "closed 1006"
        assert page.evaluate(SEND, [f"{server}/streams/0123456789abcdef", {"method": "DELETE", "headers": fields}])[
            "error"
        ].startswith("there is no stream")


def test_a_name_pointed_at_this_machine_reaches_nothing(browser_type, browser_type_launch_args, server):
    """DNS rebinding, with the browser's own resolver told the lie."""
    arguments = browser_type_launch_args["args"] + ["--host-resolver-rules=MAP rebound.example 127.0.0.1"]
    rebound = browser_type.launch(**browser_type_launch_args | {"args": arguments})
    try:
        page = rebound.new_page()
        port = server.rsplit(":", 1)[1]
        assert page.goto(f"http://rebound.example:{port}/").status == 421
        assert page.evaluate(READ_WITH_FETCH, ["/healthz", {}]).startswith("421 ")
    finally:
        rebound.close()
