import pytest
import tiny
from model_server import TEXT, serving
from openai import OpenAI


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Files: one of a model that says `TEXT`, one of a model that never ends."""
    folder = tmp_path_factory.mktemp("models")
    tiny.saying(folder / "text.gguf", TEXT)
    # Nobody lives to see it reach its bounds.
    tiny.saying(folder / "endless.gguf", "tick! ", is_endless=True, context=10**9)
    return folder


@pytest.fixture(scope="session")
def server(models):
    with serving(models / "text.gguf") as served:
        yield served.address


@pytest.fixture
def endless(models):
    with serving(models / "endless.gguf") as served:
        yield served


@pytest.fixture(scope="session")
def client(server):
    with OpenAI(base_url=server, api_key="none", max_retries=0, timeout=60) as client:
        yield client
