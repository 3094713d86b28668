"""Connections to hold a server against: drawn from a seed and a number, so that each can be had again."""

import dataclasses
import random

import drafts
import witness
from breaks import BREAKS
from differences import DIFFERENCES
from oddities import ODDITIES

LAST = drafts.Draft(target=b"/healthz", fields=[b"Host: localhost", b"Connection: close"])


@dataclasses.dataclass
class Plan:
    drafts: list
    # "one by one": each is sent when the answer before it has come; "at once"; "cut": nobody waits for an answer.
    manner: str
    # Where the bytes are split, if anywhere.
    cuts: list[int]
    half_closes: bool
    resets: bool
    # How many of the bytes are sent.
    length: int

    @property
    def sent(self):
        return b"".join(draft.sent for draft in self.drafts)[: self.length]

    @property
    def seen_by_witness(self):
        seen, left = b"", self.length
        for draft in self.drafts:
            seen += draft.seen_by_witness[: max(0, left - len(draft.before))]
            left = max(0, left - len(draft.sent))
        return seen

    @property
    def pieces(self):
        borders = [0, *self.cuts, self.length]
        return [self.sent[start:end] for start, end in zip(borders, borders[1:], strict=False)]

    def __str__(self):
        names = [" and ".join([draft.method.decode("latin-1"), *draft.oddities]) for draft in self.drafts]
        end = "half-closed" if self.half_closes else "reset" if self.resets else "kept"
        return f"{self.manner}, {end}, split at {self.cuts}: {'; '.join(names)}\n  {self.sent[:1500]!r}"


def draw(seed, number, stream, stopped):
    generator = random.Random(f"{seed}-{number}")
    count = generator.choices([1, 2, 3, 6], [50, 25, 15, 10])[0]
    requests = [drafts.plain(generator, stream, stopped) for _ in range(count)]
    kind = generator.random()
    if kind < 0.4:
        for draft in requests:
            for oddity in generator.sample(ODDITIES, generator.choice([0, 1, 1, 2, 3])):
                spoil(draft, oddity, generator)
    elif kind < 0.6:
        spoil(generator.choice(requests), generator.choice(DIFFERENCES), generator)
    elif kind < 0.8:
        spoil(generator.choice(requests), generator.choice(BREAKS), generator)
    manner = generator.choices(["one by one", "at once", "cut"], [40, 45, 15])[0]
    half_closes = manner == "at once" and generator.random() < 0.4
    if manner != "cut" and not half_closes:
        requests.append(LAST)
    length = sum(len(draft.sent) for draft in requests)
    if manner == "cut" or (half_closes and generator.random() < 0.3):
        length = generator.randrange(length) + 1
    cuts = []
    if manner != "one by one" and generator.random() < 0.5:
        count = length - 1 if length < 150 and generator.random() < 0.1 else generator.choice([1, 1, 2, 4])
        cuts = sorted(generator.sample(range(1, length), min(count, length - 1)))
    return Plan(requests, manner, cuts, half_closes, manner == "cut" and generator.random() < 0.5, length)


def spoil(draft, oddity, generator):
    oddity(draft, generator)
    draft.oddities.append(oddity.__name__.replace("_", " "))


def expected(plan):
    """The requests that the witness sees, each with its draft where it has one, and how they end."""
    asked, end = witness.read(plan.seen_by_witness)
    # The witness is not shown the empty lines before a request, of which the last one may have been cut in two.
    if end is witness.End.WAITS and plan.sent.endswith(b"\r"):
        end = witness.End.CUT_IN_LINE
    return [(request, plan.drafts[min(place, len(plan.drafts) - 1)]) for place, request in enumerate(asked)], end
