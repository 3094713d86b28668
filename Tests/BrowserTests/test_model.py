"""The page with a model behind the server: a person sees its answer typed over each transport."""

import fake_model
import pytest
from playwright.sync_api import expect
from pushlab import serving
from transports import TRANSPORTS


@pytest.fixture(scope="module")
def modelled(tmp_path_factory):
    """The address of a server whose answers a model gives."""
    with fake_model.fakellm(tmp_path_factory.mktemp("fakellm")) as base_url:
        with serving("--source", "openai", "--base-url", base_url, "--model", "gpt-4o-mini") as address:
            yield address


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_models_answer_is_typed(lab, modelled, transport):
    lab.open(modelled, "chat", transport=transport)
    lab.start()
    lab.wait_for(transport, "complete", view="chat")
    assert lab.text(transport, view="chat") == fake_model.ANSWER


def test_all_lanes_of_a_race_have_the_same_answer(lab, modelled):
    lab.open(modelled, "race")
    lab.start()
    for transport in TRANSPORTS:
        lab.wait_for(transport, "complete")
        assert lab.text(transport) == fake_model.ANSWER


def test_the_page_says_who_answers(lab, modelled):
    lab.open(modelled, "race")
    expect(lab.page.locator("#source")).to_contain_text("gpt-4o-mini")
