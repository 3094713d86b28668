"""The HTML report in a real browser: it opens offline, asks nobody for anything, and shows its plots."""

import subprocess

import pytest
from pushlab import PROJECT, PUSHLAB, require_release_build

EXPERIMENT = """
title: A short one <b>with markup</b>
question: Does the page open?
prediction: It does.
stream: {prompt: hi, tokens: 10, rate: 200, think: 0.01}
readers: 2
transports:
  - {transport: short-polling, interval: 0.01}
  - transport: long-polling
  - transport: server-sent-events
  - transport: http-streaming
  - transport: websocket
trials: 2
"""


@pytest.fixture(scope="session")
def report_page(tmp_path_factory):
    require_release_build()
    folder = tmp_path_factory.mktemp("report")
    (folder / "short.yml").write_text(EXPERIMENT)
    run = [PUSHLAB, "run", folder / "short.yml", "--out", folder / "run"]
    subprocess.run(run, check=True, cwd=PROJECT, stdout=subprocess.DEVNULL, timeout=120)
    report = [PUSHLAB, "report", folder / "run", "--format", "html"]
    again = subprocess.run(report, check=True, cwd=PROJECT, stdout=subprocess.PIPE, timeout=120).stdout
    page = folder / "run" / "report.html"
    assert page.read_bytes() == again
    return page


def test_the_page_shows_its_plots_and_asks_nobody(report_page, page, tmp_path):
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type != "info" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report_page.as_uri())

    for name in ["staircase", "distribution", "bytes", "frontier", "frontier2"]:
        plot = page.locator(f"#{name} svg")
        plot.wait_for()
        marks = page.locator(f"#{name} svg .mark-line path, #{name} svg .mark-rect path, #{name} svg .mark-symbol path")
        assert marks.count() >= 4, f"{name} shows no marks"
        assert plot.bounding_box()["width"] > 300
    for variant in ["short-polling", "long-polling", "server-sent-events", "http-streaming", "websocket"]:
        assert page.locator("#bytes svg text", has_text=f"{variant}: ").count() == 1

    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert complaints == []
    assert page.locator("h1").inner_text() == "A short one <b>with markup</b>"
    assert page.locator("th", has_text="websocket").count() >= 1
    assert page.locator("h2").last.inner_text() == "What this does not show"
    page.screenshot(path=tmp_path / "report.png", full_page=True)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_cut_at_any_width(report_page, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(report_page.as_uri())
    page.locator("#frontier2 svg").wait_for()
    cut = """[...document.querySelectorAll('h1, h2, p, li, pre, td, th, figure, svg')]
      .filter((part) => part.getBoundingClientRect().right > innerWidth || part.scrollWidth > part.clientWidth + 1)
      .map((part) => part.outerHTML.slice(0, 80))"""
    assert page.evaluate(cut) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Plots draw on their own ground: what they hold ends within it.
    outside = """[...document.querySelectorAll('.plot svg')].flatMap((plot) => [...plot.querySelectorAll('text')]
      .filter((text) => text.getBoundingClientRect().right > plot.getBoundingClientRect().right + 1)
      .map((text) => text.textContent))"""
    assert page.evaluate(outside) == []
    page.close()
