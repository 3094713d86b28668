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
  - {transport: short-polling, interval: 0.02}
  - transport: long-polling
  - transport: server-sent-events
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
    page = folder / "report.html"
    page.write_bytes(subprocess.run(report, check=True, cwd=PROJECT, stdout=subprocess.PIPE, timeout=120).stdout)
    return page


def test_the_page_shows_its_plots_and_asks_nobody(report_page, page, tmp_path):
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type != "info" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report_page.as_uri())

    for name in ["staircase", "distribution", "bytes", "frontier"]:
        plot = page.locator(f"#{name} svg")
        plot.wait_for()
        marks = page.locator(f"#{name} svg .mark-line path, #{name} svg .mark-rect path, #{name} svg .mark-symbol path")
        assert marks.count() >= 4, f"{name} shows no marks"
        assert plot.bounding_box()["width"] > 300

    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert complaints == []
    assert page.locator("h1").inner_text() == "A short one <b>with markup</b>"
    assert page.locator("td", has_text="websocket").count() >= 1
    page.screenshot(path=tmp_path / "report.png", full_page=True)
