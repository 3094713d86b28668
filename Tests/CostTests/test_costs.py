"""What the lab does for every token: ceilings, so that a change that makes it dearer is seen.

Each is what was counted on 2026-11-23, instructions plus a fifth. Where a ceiling has to rise, say why.
"""

import pytest

# How often it is done in the first of two counts, then instructions, allocations and retains of doing it once.
CEILINGS = {
}

READERS = 40
# Of a delivery: one reader's share of a token that all of them are sent.
DELIVERIES = {
}


@pytest.mark.parametrize("operation", CEILINGS)
def test_an_operation_costs_what_it_did(cost, operation):
    times, *ceiling = CEILINGS[operation]
    check(cost(operation, times), ceiling)


@pytest.mark.parametrize("operation", DELIVERIES)
def test_a_delivery_costs_what_it_did(cost, operation):
    times, *ceiling = DELIVERIES[operation]
    seen = cost(operation, times)
    check(seen.beyond(type(seen)(0, 0, 0), READERS), ceiling)


def check(seen, ceiling):
    print(seen)
    instructions, allocations, retains = ceiling
    assert seen.allocations <= allocations, seen
    assert seen.retains <= retains, seen
    assert seen.instructions <= instructions, seen
