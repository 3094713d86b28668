import pytest
from outsider import Outsider, compiled
from plan import pinned
from pushlab import PUSHLAB, started


@pytest.fixture(scope="session")
def outsider(tmp_path_factory):
    """With a server that nobody else uses, and that lets no reader go which gets no processor for a minute."""
    program = compiled(tmp_path_factory.mktemp("reader"))
    patience = ["--idle-time", "600", "--stall-time", "600", "--retention", "600"]
    with started(pinned([PUSHLAB, "serve", "--port", "0", *patience], True)) as server:
        yield Outsider(program, server)
