import time

import pytest
from engines import engines
from pushlab import making_serve


@pytest.fixture(scope="session")
def server():
    with making_serve() as address:
        yield address


@pytest.fixture(scope="session", params=engines, ids=lambda engine: engine.name)
def browser_engine(request):
    with request.param.started() as browser:
        yield browser


@pytest.fixture
def lab(browser_engine, server):
    return Lab(browser_engine, server)


class Lab:
    """The page in any engine, by scripts that do what a person would."""

    def __init__(self, engine, server):
        self.engine = engine
        self.server = server

    def open(self, view, **settings):
        query = "&".join(f"{name}={value}" for name, value in {"view": view, **settings}.items())
        self.engine.open(f"{self.server}/?{query}")
        self.wait("document.documentElement.dataset.ready !== undefined")

    def run(self, expression):
        return self.engine.run(expression)

    def click(self, selector):
        self.run(f"document.querySelector({selector!r}).click()")

    def wait(self, condition, seconds=40):
        end = time.monotonic() + seconds
        while not self.run(condition):
            assert time.monotonic() < end, f"in vain: {condition}"
            time.sleep(0.1)

    def wait_for(self, view, transport, state):
        self.wait(f"document.querySelector('#{view} .lane[data-transport={transport}]')?.dataset.state === '{state}'")

    def text(self, view, transport):
        return self.run(f"document.querySelector('#{view} .lane[data-transport={transport}] .text').textContent")

    def figure(self, name, place):
        return float(self.run(f"document.querySelectorAll('#race td[data-figure={name}]')[{place}].dataset.value || '0'"))

    def answer(self, tokens):
        """The answer as the generator has it: a server asked by hand, without the page's code."""
        body = '{"prompt":"Why is the sky blue?","tokens":%d,"rate":100000,"think":0}' % tokens
        return self.run(
            "(async () => {"
            f" const {{ stream }} = await (await fetch('/streams', {{ method: 'POST', body: '{body}' }})).json();"
            " let text = '', next = 0, done = false;"
            " while (!done) {"
            "  const page = await (await fetch(`/streams/${stream}/long-poll?from=${next}`)).json();"
            "  text += page.tokens.map((token) => token.token).join(''); ({ next, done } = page);"
            " }"
            " return text; })()"
        )
