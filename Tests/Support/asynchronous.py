"""Asynchronous work within tests, some of which run while Playwright has an event loop in their thread."""

import asyncio
import concurrent.futures


class Loop:
    """An event loop that runs while there is work for it, on a thread of its own."""

    def __init__(self):
        self.thread = concurrent.futures.ThreadPoolExecutor(1)
        self.loop = asyncio.new_event_loop()

    def run(self, work):
        """What the work comes to."""
        return self.thread.submit(self.loop.run_until_complete, work).result()

    def close(self):
        self.thread.submit(self.loop.close).result()
        self.thread.shutdown()


def run(work):
    """What the work comes to, on a loop of its own."""
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
