"""A browser's event loop may be running in the thread of a test, so that nobody runs another there."""

import re

from pushlab import PROJECT

PLACES = [*(PROJECT / "Tests").rglob("*.py"), *(PROJECT / "experiments").rglob("*.py")]


def test_asynchronous_work_runs_on_a_thread_of_its_own():
    running = re.compile(r"^\s*[^#\n]*\b(asyncio\.run|run_until_complete)\(", re.MULTILINE)
    assert len(PLACES) > 50
    found = [str(path.relative_to(PROJECT)) for path in PLACES if running.search(path.read_text())]
    assert found == []
