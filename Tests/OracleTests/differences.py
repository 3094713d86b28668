"""Where h11 takes what a server may refuse: the oddity, the statuses of such a refusal, the rule that allows it."""

from drafts import oddity, put_body, without

MALFORMED = {400}
DIFFERENCES = []


@oddity(DIFFERENCES)
def foreign_hosts(draft, random):
    # RFC 9110, section 7.4: nobody but this machine is served.
    host = random.choice([b"rebound.example", b"localhost.example", b"10.0.0.1"])
    draft.fields = [b"Host: " + host if field == b"Host: localhost" else field for field in draft.fields]
    draft.refusals |= {421}
    draft.oddities.append("must be refused")


@oddity(DIFFERENCES)
def no_host_before_1_1(draft, random):
    draft.version = b"HTTP/1.0"
    draft.fields = [field for field in draft.fields if field != b"Host: localhost"]
    # The names that a server has are all that protects it from DNS rebinding.
    draft.refusals |= {400, 421}


@oddity(DIFFERENCES)
def folded_fields(draft, random):
    # RFC 9112, section 5.2.
    draft.put(b"X-Folded: a\r\n" + random.choice([b" b", b"\tb"]))
    draft.fields.sort(key=lambda field: not field.startswith(b"Host"))
    draft.refusals |= MALFORMED


@oddity(DIFFERENCES)
def control_characters_in_values(draft, random):
    # RFC 9110, section 5.5.
    draft.put(b"X-Odd: a" + random.choice([b"\x01", b"\x1b", b"\x0b"]) + b"b")
    draft.refusals |= MALFORMED


@oddity(DIFFERENCES)
def bytes_above_ascii(draft, random):
    # RFC 9110, section 5.5: obs-text, to be taken as it is.
    draft.put(b"X-Odd: " + random.choice(["ü".encode(), b"\xff\xfe"]))
    draft.refusals |= MALFORMED


@oddity(DIFFERENCES)
def a_length_twice(draft, random):
    # RFC 9110, section 8.6.
    if draft.body:
        draft.put(b"Content-Length: %d" % len(draft.body))
        draft.refusals |= {400, 411}


@oddity(DIFFERENCES)
def a_length_said_twice_in_a_field(draft, random):
    if not any(field.startswith(b"Content-Length") for field in draft.fields):
        draft.body = b"hello"
        draft.put(b"Content-Length: 5, 5")
        draft.refusals |= {400, 411}


@oddity(DIFFERENCES)
def post_without_length(draft, random):
    # RFC 9110, section 15.5.12.
    draft.method, draft.body = b"POST", b""
    draft.fields = without(draft, b"Content-Length")
    draft.refusals |= {411}


@oddity(DIFFERENCES)
def chunks(draft, random):
    # RFC 9112, section 6.1: a server may insist on a length. One that does cannot know where the next request begins.
    draft.fields = without(draft, b"Content-Length")
    body = draft.body[:300]
    draft.body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [body[:7], body[7:]] if part) + b"0\r\n\r\n"
    draft.put(random.choice([b"Transfer-Encoding: chunked", b"transfer-encoding: Chunked"]))
    draft.refusals |= {411}


@oddity(DIFFERENCES)
def chunks_and_a_length(draft, random):
    # RFC 9112, section 6.3: it ought to be handled as an error.
    chunks(draft, random)
    draft.put(b"Content-Length: 4")
    draft.refusals |= {400, 411}


@oddity(DIFFERENCES)
def a_large_body(draft, random):
    draft.body = b""
    draft.fields = without(draft, b"Content-Length")
    put_body(draft, b"x" * random.choice([65_536, 65_537, 90_000]))
    draft.refusals |= {413} if len(draft.body) > 65_536 else set()


@oddity(DIFFERENCES)
def unknown_methods(draft, random):
    draft.method = random.choice([b"BREW", b"get", b"TRACE", b"PROPFIND", b"G-E_T!", b"M" * 25])
    draft.refusals |= {400, 405, 501}
    draft.oddities.append("must be refused")


@oddity(DIFFERENCES)
def connect(draft, random):
    draft.method, draft.target = b"CONNECT", b"localhost:1"
    draft.refusals |= {400, 405, 501}
    draft.oddities.append("must be refused")


@oddity(DIFFERENCES)
def the_server_as_a_whole(draft, random):
    # RFC 9112, section 3.2.4.
    draft.target = b"*"
    draft.method = random.choice([b"OPTIONS", draft.method])
    if draft.method == b"OPTIONS":
        draft.refusals |= {204, 400}
    else:
        draft.refusals |= {400, 404, 405, 501}
    draft.oddities.append("must be refused")


@oddity(DIFFERENCES)
def targets_of_no_form(draft, random):
    draft.target = random.choice(
        [b"healthz", b"localhost:80", b"?a", b"ftp://localhost/healthz", b"http:/healthz", b"#a"]
    )
    draft.refusals |= {400, 404, 405, 421, 501}
    draft.oddities.append("must be refused")


@oddity(DIFFERENCES)
def escapes_that_are_none(draft, random):
    # RFC 3986, section 2.1; NUL is taken for an end by too many.
    draft.target += (b"" if b"?" in draft.target else b"?") + random.choice(
        [b"%zz", b"%", b"%4", b"a=%00", b"%ff%fe", b"%c3%28"]
    )
    draft.refusals |= MALFORMED


@oddity(DIFFERENCES)
def escaped_ends_in_the_path(draft, random):
    draft.target = random.choice(
        [
            b"/%00",
            b"/healthz%00",
            b"/a%0Ab",
            b"/healthz%0A",
            b"/%2e%2e/Package.swift",
            b"/..%2fPackage.swift",
            b"/../Package.swift",
            b"/%ff",
            b"/..%5cPackage.swift",
            b"/%252e%252e/Package.swift",
        ]
    )
    draft.refusals |= {400, 404, 405}
    draft.oddities.append("must be refused")


@oddity(DIFFERENCES)
def paths_that_mean_another(draft, random):
    # RFC 3986, section 6.2.2: they may be taken for it, or not.
    draft.target = random.choice(
        [b"/healthz%20", b"//healthz", b"/./healthz", b"/a/../healthz", b"/nowhere/", b"/healthz/"]
    )
    draft.refusals |= {200, 204, 400, 404, 405}


@oddity(DIFFERENCES)
def many_parameters(draft, random):
    draft.target += (b"&" if b"?" in draft.target else b"?") + b"&".join(b"p%d=%d" % (n, n) for n in range(120))
    draft.refusals |= {400, 414}


@oddity(DIFFERENCES)
def a_long_line(draft, random):
    draft.target += (
        (b"&" if b"?" in draft.target else b"?") + b"l=" + b"l" * random.choice([4_000, 13_000, 20_000, 70_000])
    )
    draft.refusals |= {414, 431} if len(draft.target) > 12_000 else set()


@oddity(DIFFERENCES)
def a_large_head(draft, random):
    draft.put(b"X-Large: " + b"l" * random.choice([8_000, 17_000, 70_000]))
    draft.refusals |= {431}


@oddity(DIFFERENCES)
def many_fields(draft, random):
    draft.fields += [b"X-%d: a" % number for number in range(random.choice([40, 62, 70, 200]))]
    draft.refusals |= {431} if len(draft.fields) > 60 else set()


@oddity(DIFFERENCES)
def later_versions(draft, random):
    draft.version = random.choice([b"HTTP/1.2", b"HTTP/2.0", b"HTTP/3.0", b"HTTP/0.9"])
    draft.refusals |= {400, 505}


@oddity(DIFFERENCES)
def unknown_expectations(draft, random):
    # RFC 9110, section 10.1.1.
    draft.put(b"Expect: 200-ok")
    draft.refusals |= {417}
