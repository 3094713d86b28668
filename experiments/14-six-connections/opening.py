"""Opens streams in pages of a browser, one after the other, and tells those that wait from those that are only slow."""

# What is sure to come has this long.
SURELY_MS = 60_000
# A stream is given at least so many round trips of a request to another server.
ROUND_TRIPS = 20


class Tab:
    """A page of the browser, with all that it opened, each at its place."""

    def __init__(self, page, address):
        self.page = page
        page.goto(address)
        self.protocol = page.evaluate("() => performance.getEntriesByType('navigation')[0].nextHopProtocol")

    def call(self, function, *words):
        script = "async ([name, words]) => (await import('/streams.js'))[name](...words)"
        return self.page.evaluate(script, [function, words])

    def open(self, way, stream, server=None):
        return self.call("open", way, stream, *([server] if server else []))

    def settled(self, place, milliseconds=SURELY_MS):
        """How it stands once that is decided, or once the time is over: `open`, `failed` or `waiting`."""
        return self.call("settled", place, milliseconds)

    def close(self, place):
        self.call("close", place)

    def each(self, name, places):
        """Of each of them: its `state`, or how often it `heard` anything."""
        return self.page.evaluate(
            "async ([name, places]) => { const { streams } = await import('/streams.js');"
            " return places.map((place) => streams[place][name]); }",
            [name, places],
        )


class Patience:
    """How long a stream is given to open.

    One that may open does so at once. It is given a time, and then so many round trips to a server that no stream is opened
    to, by a page of another profile: on a machine that is busy these take longer, and so the patience does.
    """

    def __init__(self, page, server, milliseconds):
        self.page, self.milliseconds = page, milliseconds
        page.goto(server)

    def opens(self, tab, place):
        """How the stream stands when it is over."""
        state = tab.settled(place, self.milliseconds)
        if state == "waiting":
            again = "async (times) => { while (times--) await fetch('/healthz', { cache: 'no-store' }); }"
            self.page.evaluate(again, ROUND_TRIPS)
            state = tab.settled(place, 0)
        return state


class Crowd:
    """Streams over one way that a tab has open at the same time."""

    def __init__(self, tab, way, stream, patience, server=None):
        self.tab, self.patience = tab, patience
        self.way, self.stream, self.server = way, stream, server
        self.places = []
        # How the one stood that did not open.
        self.denied = None

    def fill(self, most):
        """Opens one after the other until one does not open, which is closed again, or until so many are open."""
        while len(self.places) < most:
            place = self.open_one()
            if (state := self.patience.opens(self.tab, place)) != "open":
                self.denied = state
                self.tab.close(place)
                break
            self.places.append(place)
        assert set(self.tab.each("state", self.places)) <= {"open"}, "one that was open has ended meanwhile"
        return self

    def open_one(self):
        return self.tab.open(self.way, self.stream, self.server)

    def empty(self):
        for place in self.places:
            self.tab.close(place)

    def beside(self, tab, way):
        """What becomes of one more, of any way and in any tab.

        It `opens`; or it `waits` or `fails`, which is said only of one that opens, by itself or opened anew, once one of these
        is closed. Afterwards as many are open as before.
        """
        place = tab.open(way, self.stream)
        state = self.patience.opens(tab, place)
        if state != "open":
            self.tab.close(self.places.pop(0))
            if state == "failed":
                place = self.again(lambda: tab.open(way, self.stream), tab)
            if tab.settled(place) != "open":
                state = "never opens"
        tab.close(place)
        if state != "open":
            self.places.append(self.again(self.open_one, self.tab))
        return {"open": "opens", "waiting": "waits", "failed": "fails"}.get(state, state)

    @staticmethod
    def again(open_one, tab):
        """Opens one where one was closed. Nobody is told when its place is free, so it is tried until it does not fail."""
        for _ in range(100):
            place = open_one()
            state = tab.settled(place)
            if state != "failed":
                break
            tab.page.wait_for_timeout(50)
        assert state == "open", "what was closed does not open again"
        return place

    def beside_while_tokens_come(self, count):
        """What becomes of one more of these while none is closed, until each of them has heard so many more tokens."""
        before = self.tab.each("heard", self.places)
        place = self.open_one()
        while (state := self.tab.settled(place, 100)) == "waiting":
            if min(now - then for now, then in zip(self.tab.each("heard", self.places), before)) >= count:
                break
        return {"open": "opens", "failed": "fails", "waiting": "waits"}[state]
