"""What the lab does for every token: ceilings, so that a change that makes it dearer is seen.

Each is what was counted on 2026-11-26, instructions plus a fifth, the rest plus a half. Where a ceiling has to rise,
say why.
"""

import pytest

# How often it is done in the first of two counts, then instructions, allocations and retains of doing it once.
CEILINGS = {
    "token-json": (1000, 2_100, 1.5, 2.5),
    "event": (1000, 2_800, 1.5, 4.5),
    "line": (1000, 2_240, 1.5, 3.5),
    "message": (1000, 570, 1.5, 1.5),
    "page-of-1": (1000, 1_350, 1.5, 1.5),
    "page-of-100": (1000, 18_000, 1.5, 100.5),
    "read-event": (1000, 3_500, 0.5, 0.5),
    "read-cut-event": (1000, 5_500, 2.5, 2.5),
    "read-line": (1000, 600, 0.5, 0.5),
    "read-chunk": (1000, 300, 0.5, 0.5),
    # Numbers that cannot be meant are refused where they are read.
    "read-page": (300, 57_000, 28.5, 95),
    # A token is written, and then shown.
    "append": (1000, 740, 0.5, 2.5),
    # Three places in memory are asked for ahead, some lines of each: more instructions, and less time waited for them.
    "wake": (10_000, 108, 0.5, 1.5),
    "script": (1000, 1_700, 1.5, 7.7),
    # What falls due is called through a protocol, without a timer of its own: dearer where few wait.
    "due-of-10": (1000, 1_840, 0.5, 7.5),
    "due-of-1000": (1000, 2_250, 0.5, 7.5),
}
# The same of what a server does for a request, plus a tenth: on a loaded machine it looks at its timeouts more often
# between two of them.
ANSWERS = {
    # Every page holds its token, which it did not before the first was there.
    "answer-poll": (200, 37_800, 13.5, 118),
    "answer-long-poll": (100, 54_000, 19.5, 151),
}
# Of a delivery: one reader's share of a token that all of them are sent. The token's own making is in it.
READERS = 40
DELIVERIES = {
    "deliver-event": (100, 3_400, 0.5, 6.3),
    "deliver-line": (100, 3_300, 0.5, 5.3),
    "deliver-message": (100, 3_200, 0.5, 5.1),
}


@pytest.mark.parametrize("operation", CEILINGS)
def test_an_operation_costs_what_it_did(cost, operation):
    times, *ceiling = CEILINGS[operation]
    check(cost(operation, times), ceiling)


@pytest.mark.parametrize("operation", ANSWERS)
def test_an_answer_costs_what_it_did(cost, operation):
    times, *ceiling = ANSWERS[operation]
    check(cost(operation, times, is_served=True), ceiling)


@pytest.mark.parametrize("operation", DELIVERIES)
def test_a_delivery_costs_what_it_did(cost, operation):
    times, *ceiling = DELIVERIES[operation]
    seen = cost(operation, times, is_served=True)
    check(seen.beyond(type(seen)(0, 0, 0), READERS), ceiling)


def check(seen, ceiling):
    instructions, allocations, retains = ceiling
    assert seen.allocations <= allocations, seen
    assert seen.retains <= retains, seen
    assert seen.instructions <= instructions, seen
