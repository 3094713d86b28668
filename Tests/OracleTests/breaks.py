"""What is done to a request so that nobody can read it."""

from drafts import oddity, without

BREAKS = []


@oddity(BREAKS)
def http_0_9(draft, random):
    draft.line = b"GET /healthz"


@oddity(BREAKS)
def no_host(draft, random):
    draft.version = b"HTTP/1.1"
    draft.fields = [field for field in draft.fields if not field.lower().startswith(b"host")]


@oddity(BREAKS)
def two_hosts(draft, random):
    draft.fields.append(random.choice([b"Host: localhost", b"host: other"]))


@oddity(BREAKS)
def lengths_that_are_none(draft, random):
    draft.fields = without(draft, b"Content-Length")
    draft.put(
        b"Content-Length: " + random.choice([b"-5", b"+5", b"0x5", b"5 6", b"five", b"5, 6", b"", b"1" * 30, b"5.0"])
    )
    draft.body = b"hello"


@oddity(BREAKS)
def two_lengths(draft, random):
    draft.fields = without(draft, b"Content-Length")
    draft.fields += [b"Content-Length: 5", b"Content-Length: 6"]
    draft.body = b"hello"


@oddity(BREAKS)
def codings_that_are_none(draft, random):
    draft.put(
        random.choice(
            [b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding: xchunked"]
        )
    )


@oddity(BREAKS)
def lines_that_are_none(draft, random):
    draft.line = random.choice(
        [
            b"GET  /healthz HTTP/1.1",
            b" GET /healthz HTTP/1.1",
            b"GET /healthz HTTP/1.1 ",
            b"GET /a b HTTP/1.1",
            b"GET /healthz http/1.1",
            b"GET\t/healthz\tHTTP/1.1",
            b"GET /healthz HTTP/1",
            b"GET /healthz HTTP/11",
            b"G(T /healthz HTTP/1.1",
            b"GET /\xff HTTP/1.1",
            b"GET /a\x00 HTTP/1.1",
            b"GET /a\rb HTTP/1.1",
            b"\x16\x03\x01\x02\x00\x01",
            b"HTTP/1.1 200 OK",
            b"{}",
        ]
    )


@oddity(BREAKS)
def fields_that_are_none(draft, random):
    draft.put(
        random.choice(
            [b"X-A : b", b"no colon", b": b", b"X A: b", b"X-\xc3\xa4: b", b"X-A: a\x00b", b"(X): b", b"X-A: a\rb"]
        )
    )


@oddity(BREAKS)
def a_blank_before_the_first_field(draft, random):
    draft.fields.insert(0, b" X-A: b")
