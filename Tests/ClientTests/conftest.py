import urllib.request

import pytest
from clients import start
from pushlab import serving


@pytest.fixture(scope="session")
def server():
    # What is asked for once is there to the end of the tests.
    with serving("--retention", "3600") as address:
        yield address


@pytest.fixture
def stream(server):
    """One whose tokens are about to come."""
    return start(server)


@pytest.fixture(scope="session")
def ended(server):
    """One that has all of its tokens."""
    stream = start(server, rate=100_000, think=0)
    with urllib.request.urlopen(f"{stream}/events", timeout=30) as reply:
        reply.read()
    return stream
