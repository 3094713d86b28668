import pytest
from pushlab import serving


@pytest.fixture(scope="session")
def server():
    """The host and port of a real server."""
    with serving() as address:
        yield address.removeprefix("http://")
