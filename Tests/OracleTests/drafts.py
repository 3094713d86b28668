"""Requests as clients send them, and as some should not: plain, odd, broken."""

import dataclasses

NEWLINE = b"\r\n"


@dataclasses.dataclass
class Draft:
    """A request that is being written."""

    method: bytes = b"GET"
    target: bytes = b"/"
    version: bytes = b"HTTP/1.1"
    fields: list[bytes] = dataclasses.field(default_factory=lambda: [b"Host: localhost"])
    body: bytes = b""
    newline: bytes = NEWLINE
    # An empty line before, which a server passes over (RFC 9112, section 2.2), and h11 does not.
    before: bytes = b""
    # Stands in place of method, target and version.
    line: bytes | None = None
    # What was done to it, in words.
    oddities: list[str] = dataclasses.field(default_factory=list)
    # Statuses with which a server may refuse it though h11 takes it.
    refusals: set[int] = dataclasses.field(default_factory=set)

    @property
    def sent(self):
        return self.before + self.bytes(self.version)

    @property
    def seen_by_witness(self):
        # h11 ends every connection of HTTP/1.0, also where it was asked to stay.
        return self.bytes(b"HTTP/1.1" if self.asks_to_stay else self.version)

    @property
    def asks_to_stay(self):
        fields = [field.lower() for field in self.fields]
        return self.version == b"HTTP/1.0" and any(
            b"keep-alive" in field and field.startswith(b"connection") for field in fields
        )

    @property
    def asks_before_its_body(self):
        return bool(self.body) and any(field.lower().startswith(b"expect:") for field in self.fields)

    def bytes(self, version):
        line = self.line if self.line is not None else b" ".join([self.method, self.target, version])
        return b"".join(part + self.newline for part in [line, *self.fields, b""]) + self.body

    def put(self, field):
        """Adds a field anywhere among the others."""
        self.fields.append(field)


def plain(random, stream, stopped):
    """A request that is in order."""
    draft = Draft()
    kind = random.random()
    poll = random.choice([f"poll?from={random.randrange(6)}", f"long-poll?from={random.randrange(6)}&wait=0.2", "poll"])
    targets = [
        "/healthz",
        "/metrics",
        "/",
        "/main.js",
        "/lab.css",
        "/transports/websocket.js",
        "/nowhere",
        "/a/b/c.txt",
        "/streams",
        f"/streams/{stream}",
        f"/streams/{stream}/{poll}",
        f"/streams/{stream}/{poll}",
        f"/streams/{stream}/events",
        f"/streams/{stream}/schedule",
        "/streams/0123456789abcdef/poll",
        "/streams/0123456789abcdef/long-poll?wait=0.1",
        f"/streams/{stream}/pigeon",
        "/echo",
        f"/chat-stream?prompt={random.choice(['a', 'a%20b', 'Gr%C3%BC%C3%9Fe', 'a+b'])}&tokens=5&rate=5000&think=0",
    ]
    if kind < 0.25:
        draft.method, draft.target = b"POST", random.choice([b"/streams", b"/streams", b"/chat-stream"])
        question = random.choice(
            [
                b'{"prompt":"a","tokens":2,"rate":5000,"think":0}',
                '{"prompt":"Grüße","tokens":1,"think":0}'.encode(),
                b'{"prompt":"' + b"b" * random.randrange(1, 8000) + b'","tokens":1,"think":0}',
                b"no JSON",
                b"",
            ]
        )
        put_body(draft, question)
    elif kind < 0.30:
        draft.method, draft.target = b"DELETE", f"/streams/{stopped}".encode()
    else:
        draft.target = random.choice(targets).encode()
        draft.method = random.choices([b"GET", b"HEAD", b"OPTIONS", b"POST", b"DELETE", b"PUT"], [70, 12, 6, 5, 4, 3])[
            0
        ]
        if draft.method == b"DELETE" and draft.target == f"/streams/{stream}".encode():
            draft.target = b"/nowhere"
        # A body where none belongs is read, and counts for nothing.
        if draft.method in (b"POST", b"PUT") or random.random() < 0.06:
            put_body(draft, bytes(random.choices(b"GET / HTTP/1.1\r\n", k=random.choice([0, 1, 5, 300, 5000]))))
    for field in random.sample(PLAIN_FIELDS, random.choice([0, 0, 1, 3, len(PLAIN_FIELDS)])):
        draft.put(field)
    random.shuffle(draft.fields)
    return draft


def put_body(draft, body):
    draft.body = body
    draft.put(b"Content-Length: %d" % len(body))


PLAIN_FIELDS = [
    b"Accept: */*",
    b"accept-encoding: gzip, br",
    b"USER-AGENT: oracle/1",
    b"X-Empty:",
    b"Cookie: a=b; c=d",
    b"A: b",
    b"Accept-Language:  de, en;q=0.5 ",
    b"Referer: http://localhost/",
    b"X-Long: " + b"l" * 900,
    b"Cache-Control: no-cache",
    b"Keep-Alive: timeout=5",
    b"If-None-Match: *",
    b"Range: bytes=0-",
]


def oddity(kind):
    """Notes a function of a draft and a random generator, named after what it does to the draft."""

    def note(function):
        kind.append(function)
        return function

    return note


def without(draft, name):
    """Its fields but those of that name."""
    return [field for field in draft.fields if not field.startswith(name)]
