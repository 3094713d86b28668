"""fakellm, a stand-in for a model that others wrote."""

import contextlib
import json
import pathlib
import re
import subprocess
import sys

from pushlab import GUARDED

ANSWER = "One answer, 世界 and 👩🏽‍💻, with \"quotes\" and\nlines.\n" * 20


@contextlib.contextmanager
def fakellm(folder):
    """Answers what has to do with the sky, at length or briefly, from a free port: its base URL."""
    answers = {"briefly": "Air.", "sky": ANSWER}
    rules = [{"name": word, "when": {"messages_contain": word}, "respond": {"content": answers[word]}} for word in answers]
    (folder / "fakellm.yaml").write_text(json.dumps({"version": 1, "rules": rules}, ensure_ascii=False))
    program = pathlib.Path(sys.executable).with_name("fakellm")
    process = subprocess.Popen(
        [GUARDED, program, "serve", "--port", "0"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        line = next(line for line in process.stderr if "Uvicorn running on" in line)
        port = re.search(r":(\d+) ", line)[1]
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdin.close()
        process.stderr.close()
