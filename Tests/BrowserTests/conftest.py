import json
import os
import pathlib
import re

import pytest
from playwright.sync_api import expect
from pushlab import making_serve
from tap import Tap
from transports import TRANSPORTS

SCREENSHOTS = pathlib.Path(__file__).with_name("screenshots")

# The page's policy forbids the evaluation that wait_for_function needs, so the tests wait with these.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def server():
    with making_serve() as address:
        yield address


@pytest.fixture
def tap(server):
    """Stands between the browser and the server."""
    tap = Tap(server)
    yield tap
    tap.close()


class Lab:
    """The page, as somebody at its controls sees it."""

    def __init__(self, page):
        self.page = page
        self.complaints = []
        self.hosts = set()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.hosts.add(re.sub(r"^\w+://([^/]*)/.*", r"\1", request.url)))

    def open(self, server, view, **settings):
        self.server = server
        query = "&".join(f"{name}={value}" for name, value in {"view": view, **settings}.items())
        self.page.goto(f"{server}/?{query}")
        self.page.wait_for_selector("html[data-ready]")
        return self

    def lane(self, transport, view="race"):
        return self.page.locator(f"#{view} .lane[data-transport={transport}]")

    def text(self, transport, view="race"):
        return self.lane(transport, view).locator(".text").evaluate("element => element.textContent")

    def start(self):
        self.page.click("#start")

    def wait_for(self, transport, state, view="race", timeout=30_000):
        self.page.wait_for_selector(f"#{view} .lane[data-transport={transport}][data-state={state}]", timeout=timeout)

    def wait_for_tokens(self, transport, characters, view="race"):
        self.page.wait_for_function(
            "([lane, characters]) => document.querySelector(lane + ' .text').textContent.length >= characters",
            arg=[f"#{view} .lane[data-transport={transport}]", characters],
        )

    def figure(self, name, transport, view="race"):
        """A figure's value, as the table under the hood has it."""
        [value] = self.figures([name], transport, view)
        return value

    def figures(self, names, transport, view="race"):
        """Several as they stand at one instant."""
        place = TRANSPORTS.index(transport) if view == "race" else 0
        values = self.page.locator(f"#{view}").evaluate(
            """(view, [names, place]) => names.map(
              (name) => view.querySelectorAll(`td[data-figure=${name}]`)[place].dataset.value)""",
            [names, place],
        )
        return [float(value) if value else None for value in values]

    def counts(self, transport, view="race"):
        """What the server counted of that lane's reader."""
        tag = self.lane(transport, view).get_attribute("data-reader")
        [counts] = self.page.request.get(f"{self.server}/readers?tag={tag}").json()
        return counts

    def picture(self, variable, name):
        """The lanes and their plot as a picture's file; `make picture` has it put where the README shows it."""
        top = self.page.locator("#race .lanes").bounding_box()["y"]
        end = self.page.locator("#race .plot").bounding_box()
        clip = {"x": 0, "y": top - 8, "width": 1280, "height": end["y"] + end["height"] - top + 8}
        picture = pathlib.Path(os.environ.get(variable, SCREENSHOTS / name))
        picture.parent.mkdir(exist_ok=True)
        self.page.screenshot(path=picture, full_page=True, clip=clip)
        return picture

    def answer(self, prompt="Why is the sky blue?", tokens=150, seed=0):
        """The answer as the generator has it, read without the page."""
        question = {"prompt": prompt, "tokens": tokens, "seed": seed, "rate": 100000, "think": 0}
        stream = self.page.request.post(f"{self.server}/streams", data=json.dumps(question)).json()["stream"]
        parts, done = [], False
        while not done:
            reply = self.page.request.get(f"{self.server}/streams/{stream}/long-poll?from={len(parts)}").json()
            parts += [token["token"] for token in reply["tokens"]]
            done = reply["done"]
        return "".join(parts)


@pytest.fixture
def lab(page):
    """The page; at the end its console must be empty, and nobody but the server may have been asked."""
    lab = Lab(page)
    yield lab
    assert lab.complaints == []
    assert len(lab.hosts) <= 1, lab.hosts


@pytest.fixture
def broken_lab(page):
    """The page while connections break: the browser itself writes of each failed request to the console."""
    lab = Lab(page)
    yield lab
    meant = re.compile(r"Failed to load resource|WebSocket connection to|net::ERR_")
    assert [text for text in lab.complaints if not meant.search(text)] == []
