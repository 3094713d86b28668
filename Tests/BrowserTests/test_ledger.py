"""What the page makes of tokens and their schedule, by itself."""

LEDGER = """async (steps) => {
  const { Ledger } = await import('/ledger.js');
  const ledger = new Ledger(0);
  for (const [step, ...values] of steps) ledger[step](...values);
  return [ledger.delays, ledger.intended];
}"""


def ledger(lab, server, *steps):
    lab.open(server, "race")
    return lab.page.evaluate(LEDGER, steps)


def test_a_stream_that_was_started_anew_has_a_schedule_of_its_own(lab, server):
    delays, intended = ledger(
        lab,
        server,
        ["begin", 0],
        ["take", 0, 101],
        ["know", [100, 200, 300, 400]],
        ["take", 1, 203],
        # The server was away for ten seconds; the rest begins anew, and is taken before its schedule is known.
        ["begin", 2],
        ["take", 2, 10_305],
        ["know", [10_100, 10_200, 10_300, 10_400]],
        ["take", 3, 10_407],
    )
    assert delays == [1, 3, 5, 7]
    assert intended == [100, 200, 10_300, 10_400]


def test_clocks_that_were_compared_wrongly_are_put_right_for_one_stream_alone(lab, server):
    delays, _ = ledger(
        lab,
        server,
        ["begin", 0],
        ["know", [100, 200, 300]],
        ["take", 0, 104],
        ["begin", 1],
        ["know", [900, 1000, 1100]],
        ["take", 1, 998],
        ["take", 2, 1101],
    )
    assert delays == [4, 0, 3]


def test_delays_of_a_stream_whose_schedule_never_came_are_not_made_up(lab, server):
    delays, _ = ledger(
        lab, server, ["begin", 0], ["take", 0, 5000], ["begin", 1], ["know", [0, 6000]], ["take", 1, 6002]
    )
    assert delays == [2]
