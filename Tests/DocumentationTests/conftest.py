import json
import subprocess

import pytest
from pushlab import PROJECT, PUSHLAB, require_release_build

EXPERIMENT = """
title: A short one
question: Does it run?
prediction: It does.
stream: {prompt: hi, tokens: 10, rate: 200, think: 0.01}
transports:
  - transport: server-sent-events
  - transport: websocket
trials: 2
"""


@pytest.fixture(scope="session")
def result(tmp_path_factory):
    """The folder of an experiment's result."""
    require_release_build()
    folder = tmp_path_factory.mktemp("result")
    (folder / "short.yml").write_text(EXPERIMENT)
    run = [PUSHLAB, "run", folder / "short.yml", "--out", folder / "run"]
    subprocess.run(run, check=True, cwd=PROJECT, stdout=subprocess.DEVNULL, timeout=120)
    assert json.loads((folder / "run" / "result.json").read_text())["version"]
    return folder / "run"
