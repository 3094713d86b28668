"""A server with a model behind it, and a key that nobody may be shown."""

import contextlib

import httpx
from pushlab import PUSHLAB, Served, running

KEY = "sk-test-0123456789abcdefghijklmnopqrstuvwxyz"


class Laboratory:
    """A server with a model behind it, and all that it ever said."""

    def __init__(self, served):
        self.served, self.address = served, served.address

    def start(self, prompt, **fields):
        """The name of the stream that answers."""
        reply = httpx.post(self.address + "/streams", json={"prompt": prompt, **fields}, timeout=60)
        assert reply.status_code == 201, reply.text
        return reply.json()["stream"]


@contextlib.contextmanager
def laboratory(base_url, said, *options, model="faulty"):
    """One that asks a model; what it writes goes into the file `said`, where no key is found at the end."""
    command = [PUSHLAB, "serve", "--port", "0", "--source", "openai", "--base-url", base_url, "--model", model, *options]
    with open(said, "w+", encoding="utf-8") as errors:
        with running(command, stderr=errors, OPENAI_API_KEY=KEY) as process:
            served = Served(process)
            yield Laboratory(served)
            assert KEY not in "".join(httpx.get(served.address + path, timeout=60).text for path in TOLD)
            assert served.stop() == 0, f"the server ended with {process.returncode}"
            assert KEY not in process.stdout.read()
        errors.seek(0)
        written = errors.read()
        assert KEY not in written and not written, written


TOLD = ["/metrics", "/source", "/v1/models", "/healthz", "/readers", "/"]
