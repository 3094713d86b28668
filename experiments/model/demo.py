#!/usr/bin/env python3
"""A small model, and pushlab in front of it: demo.py [OPTIONS OF pushlab serve]. Ctrl-C ends both."""

import pathlib
import signal
import subprocess
import sys
import time

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PUSHLAB = PROJECT / ".build" / "release" / "pushlab"
NAME = "smollm2-135m"
# Seconds: between two looks at whether both still run, and what one may take to end.
LOOK, PATIENCE = 0.1, 10
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def started(command, **options):
    # In a group of its own: Ctrl-C reaches this program alone, which ends both in their order.
    return subprocess.Popen(command, process_group=0, text=True, **options)


def end(process):
    """As `kill` does it, and by force where that is not enough."""
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(options):
    # However this program is ended, it ends what it has started; a shell may have it ignore Ctrl-C at first.
    for number in ENDINGS:
        signal.signal(number, signal.default_int_handler)
    processes = []
    try:
        print("the model is being loaded", flush=True)
        model = [sys.executable, pathlib.Path(__file__).with_name("serve.py"), "--name", NAME]
        processes.append(started(model, stdout=subprocess.PIPE))
        if not (line := processes[0].stdout.readline()):
            return processes[0].wait()
        upstream = ["--source", "openai", "--base-url", line.split()[-1], "--model", NAME]
        processes.append(started([PUSHLAB, "serve", *upstream, *options]))
        while all(process.poll() is None for process in processes):
            time.sleep(LOOK)
        return max(abs(process.returncode or 0) for process in processes)
    except KeyboardInterrupt:
        return 0
    finally:
        # Whoever ends it may say so twice.
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        # The one in front first, so that nobody asks a model that is gone.
        for process in reversed(processes):
            end(process)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
