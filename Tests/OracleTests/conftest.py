import os
import random


def pytest_configure(config):
    # Before processes that share the work begin: all of them draw from one.
    os.environ.setdefault("PUSHLAB_SEED", str(random.randrange(1 << 32)))


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"the oracle: PUSHLAB_SEED={os.environ['PUSHLAB_SEED']} repeats it")
