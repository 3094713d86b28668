import fake_model
import faulty
import pytest
from laboratory import KEY, laboratory


@pytest.fixture(scope="session")
def model():
    """A model that does wrong what it is asked to."""
    model = faulty.FaultyModel(KEY)
    yield model
    model.stop()


@pytest.fixture(scope="session")
def lab(model, tmp_path_factory):
    said = tmp_path_factory.mktemp("said") / "errors"
    with laboratory(f"http://127.0.0.1:{model.port}/v1", said, "--silence", "1") as lab:
        yield lab


@pytest.fixture(scope="session")
def fakellm(tmp_path_factory):
    """The base URL of a model that makes no mistake."""
    with fake_model.fakellm(tmp_path_factory.mktemp("fakellm")) as base_url:
        yield base_url
