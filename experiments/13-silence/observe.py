#!/usr/bin/env python3
"""Watches who cuts a silent stream, and writes it down: observed.json, and the marks of the page; all at the same time.

With --quick nothing is written: limits, signs of life and silence are a fifteenth of what they are.
"""

import asyncio
import datetime
import pathlib
import sys

import asynchronous
import httpx
import websockets
from observed import keep
from silent_edges import ALWAYS, LARGE, NOBODY, shortened, standing, versions
from silent_page import filled, tables
from silent_readers import WAYS, client, life

FOLDER = pathlib.Path(__file__).resolve().parent
# Seconds. Longer than any limit that somebody is known to have and that is shorter than an hour.
SILENCE = 390
# How long a long poll is held.
WAIT = 100
# When the first tokens come where the silence comes later: the server's timer for signs of life then runs already, so that the
# first sign comes after almost twice the time.
LEAD = 3
# Seconds of silence after which a stream gets a sign of life.
SIGNS = {"none": None, "15 s": 15, "30 s": 30}

# The quick form: so many times as quick, and of the silence only its beginning.
FACTOR = 15
QUICK_SILENCE = 8


async def lives(places, *words):
    """By proxy, sign of life and way, what became of a reader."""
    keys = [(place, way) for place in places for way in WAYS]

    async def one(number, place, way):
        # Not all in the same instant.
        await asyncio.sleep(number * 0.02)
        return await life(everybody, *places[place], way, *words)

    async with client() as everybody:
        found = await asyncio.gather(*(one(number, place, way) for number, (place, way) in enumerate(keys)))
    return {(*place, way): each for (place, way), each in zip(keys, found)}


def observe(names, signs=SIGNS, words=(SILENCE, WAIT, LEAD), changes=None):
    """By proxy, way and sign of life."""
    with standing(names, signs.values(), changes) as places:
        found = asynchronous.run(lives(places, *words))
    return {
        name: {way: {sign: found[name, seconds, way] for sign, seconds in signs.items()} for way in WAYS}
        for name in [NOBODY, *names]
    }


def observe_quickly(names):
    """The same with limits, signs of life and the hold of a poll divided by FACTOR."""
    signs = {sign: seconds and seconds // FACTOR for sign, seconds in SIGNS.items()}
    words = QUICK_SILENCE, round(WAIT / FACTOR, 1), LEAD / FACTOR
    return observe(names, signs, words, shortened(FACTOR))


def main():
    names = ALWAYS + LARGE
    if "--quick" in sys.argv[1:]:
        print(f"The limits in copies of the configurations, the signs of life and the holds are divided by {FACTOR}.")
        print(f"The first token comes after {QUICK_SILENCE} s. Nothing is kept.\n")
        print("\n\n".join(tables({"seen": observe_quickly(names)}).values()))
        return
    observed = {
        "command": "make silence",
        "date": datetime.date.today().isoformat(),
        "versions": versions(names) | {"httpx": httpx.__version__, "websockets": websockets.__version__},
        "silence_s": SILENCE,
        "wait_s": WAIT,
        "lead_s": LEAD,
        "seen": observe(names),
    }
    keep(observed, FOLDER, filled)


if __name__ == "__main__":
    sys.exit(main())
