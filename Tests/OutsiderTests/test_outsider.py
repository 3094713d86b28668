"""A reader that shares no line with the lab sees what `pushlab run` says."""

from lab import RunFailed, running
from outsider import interval

# Milliseconds: what either side's reader may take from the kernel's having a token to its own look at the clock. It is
# part of every delay, and nothing beside the 50 of short polling.
SLOWNESS = 0.25
ATTEMPTS = 3


def allowance(transport, quantity):
    return SLOWNESS if quantity == "delay_p50_ms" and transport != "short-polling" else 0


def disagreements(outsider, folder):
    """Where the two sides' intervals lie apart, with both. They measure at the same time, so that whatever else the
    machine does befalls both."""
    with running(folder) as lab:
        own = {cell: interval(values) for cell, values in outsider.trials().items()}
        try:
            theirs = lab.intervals()
        except RunFailed as failure:
            return {cell: f"the lab's run failed: {failure}" for cell in own}
    return {
        cell: f"the outsider {own[cell]}, the lab {theirs[cell]}"
        for cell in own
        if own[cell][0] - allowance(*cell) > theirs[cell][1] or theirs[cell][0] - allowance(*cell) > own[cell][1]
    }


def test_the_lab_says_what_an_outsider_sees(outsider, tmp_path):
    """Two intervals of six trials each lie apart by chance once in 462 times, one of these sixteen once in some thirty;
    what lies apart is measured again, twice at most."""
    apart = None
    for attempt in range(ATTEMPTS):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        found = disagreements(outsider, folder)
        apart = {cell: found[cell] for cell in found if apart is None or cell in apart}
        if not apart:
            return
    assert not apart
