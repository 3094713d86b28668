"""What the page of 20-client-code says that Chromium does is what it does."""

import importlib.util
import json

import pytest
from pushlab import PROJECT

FOLDER = PROJECT / "experiments" / "20-client-code"
specification = importlib.util.spec_from_file_location("observe", FOLDER / "observe.py")
observe = importlib.util.module_from_spec(specification)
specification.loader.exec_module(observe)
OBSERVED = json.loads((FOLDER / "observed.json").read_text())


@pytest.mark.parametrize("way", observe.WAYS)
def test_chromium_does_what_the_page_says(browser, way):
    with observe.observing(browser) as observer:
        assert observer.observe(way) == OBSERVED[way]


def test_the_page_has_the_table_of_what_was_observed():
    text = (FOLDER / "README.md").read_text()
    assert observe.filled(text, OBSERVED) == text
