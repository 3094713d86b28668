"""What is done to a request that is in order: things that change nothing, that a server may refuse, that break it.

Each is a function of a draft and a random generator, named after what it does. What h11 takes and a server may refuse
stands here too, beside the oddity, as the statuses of such a refusal and the rule that allows it.
"""

from drafts import put_body

MALFORMED = {400}
ODD, REFUSABLE, BROKEN = [], [], []


def oddity(kind):
    def note(function):
        kind.append(function)
        return function

    return note


# What changes nothing, or only what the witness tells.


@oddity(ODD)
def names_in_odd_cases(draft, random):
    draft.fields = [swap_name(field, random) for field in draft.fields]


def swap_name(field, random):
    name, colon, value = field.partition(b":")
    return bytes(random.choice([letter, ord(chr(letter).swapcase())]) for letter in name) + colon + value


@oddity(ODD)
def blanks_around_values(draft, random):
    blanks = [b"", b" ", b"  ", b"\t", b" \t "]
    parts = [field.partition(b":") for field in draft.fields]
    draft.fields = [n + c + random.choice(blanks) + v.strip() + random.choice(blanks) for n, c, v in parts]


@oddity(ODD)
def bare_line_feeds(draft, random):
    # RFC 9112, section 2.2: a recipient may take them for the end of a line.
    draft.newline = b"\n"
    draft.refusals |= MALFORMED


@oddity(ODD)
def an_empty_line_before(draft, random):
    draft.before = random.choice([b"\r\n", b"\n"])
    if draft.before == b"\n":
        draft.refusals |= MALFORMED


@oddity(ODD)
def http_1_0(draft, random):
    draft.version = b"HTTP/1.0"


@oddity(ODD)
def http_1_0_that_stays(draft, random):
    draft.version = b"HTTP/1.0"
    draft.put(random.choice([b"Connection: keep-alive", b"connection: Keep-Alive", b"Connection: foo, keep-alive"]))


@oddity(ODD)
def the_last_one(draft, random):
    draft.put(random.choice([b"Connection: close", b"connection: Close", b"Connection: foo, close", b"Connection:close,bar"]))


@oddity(ODD)
def lists_of_connection(draft, random):
    draft.put(random.choice([b"Connection: keep-alive", b"Connection: foo, , bar", b"Connection: TE, keep-alive"]))


@oddity(ODD)
def expectation(draft, random):
    draft.put(random.choice([b"Expect: 100-continue", b"expect: 100-Continue"]))


@oddity(ODD)
def an_offer_that_is_not_taken(draft, random):
    # RFC 9110, section 7.8.
    offer = random.choice([b"TLS/1.2", b"foo", b"h2c", b"foo/2, bar"])
    draft.put(b"Upgrade: " + offer)
    draft.put(random.choice([b"Connection: Upgrade", b"Connection: keep-alive, Upgrade"]))


@oddity(ODD)
def a_whole_uri(draft, random):
    # RFC 9112, section 3.2.2.
    draft.target = random.choice([b"http://localhost", b"http://127.0.0.1:80", b"HTTP://LOCALHOST:8080"]) + draft.target


@oddity(ODD)
def odd_queries(draft, random):
    query = random.choice([b"a;b", b"a+b=c+d", b"=", b"&&", b"a=%0Ab", b"a=b%0D%0AX: y".replace(b" ", b"%20"), b"?", b"a=b=c",
                           b"%41=%61", b"a=/../", b"prompt=a;b"])
    draft.target += (b"&" if b"?" in draft.target else b"?") + query


@oddity(ODD)
def escapes_in_the_path(draft, random):
    path, question, query = draft.target.partition(b"?")
    if path.startswith(b"/") and len(path) > 1:
        place = random.randrange(1, len(path))
        draft.target = path[:place] + b"%%%02x" % path[place] + path[place + 1:] + question + query


@oddity(ODD)
def odd_hosts(draft, random):
    host = random.choice([b"localhost.", b"LOCALHOST", b"localhost:8080", b"127.0.0.1", b"[::1]:80", b"a.localhost"])
    draft.fields = [b"Host: " + host if field == b"Host: localhost" else field for field in draft.fields]


# What h11 takes, and a server may refuse.


@oddity(REFUSABLE)
def foreign_hosts(draft, random):
    # RFC 9110, section 7.4: nobody but this machine is served.
    host = random.choice([b"rebound.example", b"localhost.example", b"10.0.0.1"])
    draft.fields = [b"Host: " + host if field == b"Host: localhost" else field for field in draft.fields]
    draft.refusals |= {421}
    draft.oddities.append("must be refused")


@oddity(REFUSABLE)
def no_host_before_1_1(draft, random):
    draft.version = b"HTTP/1.0"
    draft.fields = [field for field in draft.fields if field != b"Host: localhost"]
    # The names that a server has are all that protects it from DNS rebinding.
    draft.refusals |= {400, 421}


@oddity(REFUSABLE)
def folded_fields(draft, random):
    # RFC 9112, section 5.2.
    draft.put(b"X-Folded: a\r\n" + random.choice([b" b", b"\tb"]))
    draft.fields.sort(key=lambda field: not field.startswith(b"Host"))
    draft.refusals |= MALFORMED


@oddity(REFUSABLE)
def control_characters_in_values(draft, random):
    # RFC 9110, section 5.5.
    draft.put(b"X-Odd: a" + random.choice([b"\x01", b"\x1b", b"\x0b"]) + b"b")
    draft.refusals |= MALFORMED


@oddity(REFUSABLE)
def bytes_above_ascii(draft, random):
    # RFC 9110, section 5.5: obs-text, to be taken as it is.
    draft.put(b"X-Odd: " + random.choice(["ü".encode(), b"\xff\xfe"]))
    draft.refusals |= MALFORMED


@oddity(REFUSABLE)
def a_length_twice(draft, random):
    # RFC 9110, section 8.6.
    if draft.body:
        draft.put(b"Content-Length: %d" % len(draft.body))
        draft.refusals |= {400, 411}


@oddity(REFUSABLE)
def a_length_said_twice_in_a_field(draft, random):
    if not any(field.startswith(b"Content-Length") for field in draft.fields):
        draft.body = b"hello"
        draft.put(b"Content-Length: 5, 5")
        draft.refusals |= {400, 411}


@oddity(REFUSABLE)
def post_without_length(draft, random):
    # RFC 9110, section 15.5.12.
    draft.method, draft.body = b"POST", b""
    draft.fields = [field for field in draft.fields if not field.startswith(b"Content-Length")]
    draft.refusals |= {411}


@oddity(REFUSABLE)
def chunks(draft, random):
    # RFC 9112, section 6.1: a server may insist on a length. One that does cannot know where the next request begins.
    draft.fields = [field for field in draft.fields if not field.startswith(b"Content-Length")]
    body = draft.body[:300]
    draft.body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [body[:7], body[7:]] if part) + b"0\r\n\r\n"
    draft.put(random.choice([b"Transfer-Encoding: chunked", b"transfer-encoding: Chunked"]))
    draft.refusals |= {411}


@oddity(REFUSABLE)
def chunks_and_a_length(draft, random):
    # RFC 9112, section 6.3: it ought to be handled as an error.
    chunks(draft, random)
    draft.put(b"Content-Length: 4")
    draft.refusals |= {400, 411}


@oddity(REFUSABLE)
def a_large_body(draft, random):
    draft.body = b""
    draft.fields = [field for field in draft.fields if not field.startswith(b"Content-Length")]
    put_body(draft, b"x" * random.choice([65_536, 65_537, 90_000]))
    draft.refusals |= {413} if len(draft.body) > 65_536 else set()


@oddity(REFUSABLE)
def unknown_methods(draft, random):
    draft.method = random.choice([b"BREW", b"get", b"TRACE", b"PROPFIND", b"G-E_T!", b"M" * 25])
    draft.refusals |= {400, 405, 501}
    draft.oddities.append("must be refused")


@oddity(REFUSABLE)
def connect(draft, random):
    draft.method, draft.target = b"CONNECT", b"localhost:1"
    draft.refusals |= {400, 405, 501}
    draft.oddities.append("must be refused")


@oddity(REFUSABLE)
def the_server_as_a_whole(draft, random):
    # RFC 9112, section 3.2.4.
    draft.target = b"*"
    draft.method = random.choice([b"OPTIONS", draft.method])
    if draft.method == b"OPTIONS":
        draft.refusals |= {204, 400}
    else:
        draft.refusals |= {400, 404, 405, 501}
    draft.oddities.append("must be refused")


@oddity(REFUSABLE)
def targets_of_no_form(draft, random):
    draft.target = random.choice([b"healthz", b"localhost:80", b"?a", b"ftp://localhost/healthz", b"http:/healthz", b"#a"])
    draft.refusals |= {400, 404, 405, 421, 501}
    draft.oddities.append("must be refused")


@oddity(REFUSABLE)
def escapes_that_are_none(draft, random):
    # RFC 3986, section 2.1; NUL is taken for an end by too many.
    draft.target += (b"" if b"?" in draft.target else b"?") + random.choice([b"%zz", b"%", b"%4", b"a=%00", b"%ff%fe", b"%c3%28"])
    draft.refusals |= MALFORMED


@oddity(REFUSABLE)
def escaped_ends_in_the_path(draft, random):
    draft.target = random.choice([
        b"/%00", b"/healthz%00", b"/a%0Ab", b"/healthz%0A", b"/%2e%2e/Package.swift", b"/..%2fPackage.swift", b"/../Package.swift",
        b"/%ff", b"/..%5cPackage.swift", b"/%252e%252e/Package.swift",
    ])
    draft.refusals |= {400, 404, 405}
    draft.oddities.append("must be refused")


@oddity(REFUSABLE)
def paths_that_mean_another(draft, random):
    # RFC 3986, section 6.2.2: they may be taken for it, or not.
    draft.target = random.choice([b"/healthz%20", b"//healthz", b"/./healthz", b"/a/../healthz", b"/nowhere/", b"/healthz/"])
    draft.refusals |= {200, 204, 400, 404, 405}


@oddity(REFUSABLE)
def many_parameters(draft, random):
    draft.target += (b"&" if b"?" in draft.target else b"?") + b"&".join(b"p%d=%d" % (n, n) for n in range(120))
    draft.refusals |= {400, 414}


@oddity(REFUSABLE)
def a_long_line(draft, random):
    draft.target += (b"&" if b"?" in draft.target else b"?") + b"l=" + b"l" * random.choice([4_000, 13_000, 20_000, 70_000])
    draft.refusals |= {414, 431} if len(draft.target) > 12_000 else set()


@oddity(REFUSABLE)
def a_large_head(draft, random):
    draft.put(b"X-Large: " + b"l" * random.choice([8_000, 17_000, 70_000]))
    draft.refusals |= {431}


@oddity(REFUSABLE)
def many_fields(draft, random):
    draft.fields += [b"X-%d: a" % number for number in range(random.choice([40, 62, 70, 200]))]
    draft.refusals |= {431} if len(draft.fields) > 60 else set()


@oddity(REFUSABLE)
def later_versions(draft, random):
    draft.version = random.choice([b"HTTP/1.2", b"HTTP/2.0", b"HTTP/3.0", b"HTTP/0.9"])
    draft.refusals |= {400, 505}


@oddity(REFUSABLE)
def unknown_expectations(draft, random):
    # RFC 9110, section 10.1.1.
    draft.put(b"Expect: 200-ok")
    draft.refusals |= {417}


# What nobody can read.


@oddity(BROKEN)
def http_0_9(draft, random):
    draft.line = b"GET /healthz"


@oddity(BROKEN)
def no_host(draft, random):
    draft.version = b"HTTP/1.1"
    draft.fields = [field for field in draft.fields if not field.lower().startswith(b"host")]


@oddity(BROKEN)
def two_hosts(draft, random):
    draft.fields.append(random.choice([b"Host: localhost", b"host: other"]))


@oddity(BROKEN)
def lengths_that_are_none(draft, random):
    draft.fields = [field for field in draft.fields if not field.startswith(b"Content-Length")]
    draft.put(b"Content-Length: " + random.choice([b"-5", b"+5", b"0x5", b"5 6", b"five", b"5, 6", b"", b"1" * 30, b"5.0"]))
    draft.body = b"hello"


@oddity(BROKEN)
def two_lengths(draft, random):
    draft.fields = [field for field in draft.fields if not field.startswith(b"Content-Length")]
    draft.fields += [b"Content-Length: 5", b"Content-Length: 6"]
    draft.body = b"hello"


@oddity(BROKEN)
def codings_that_are_none(draft, random):
    draft.put(random.choice([b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding: xchunked"]))


@oddity(BROKEN)
def lines_that_are_none(draft, random):
    draft.line = random.choice([
        b"GET  /healthz HTTP/1.1", b" GET /healthz HTTP/1.1", b"GET /healthz HTTP/1.1 ", b"GET /a b HTTP/1.1", b"GET /healthz http/1.1",
        b"GET\t/healthz\tHTTP/1.1", b"GET /healthz HTTP/1", b"GET /healthz HTTP/11", b"G(T /healthz HTTP/1.1", b"GET /\xff HTTP/1.1",
        b"GET /a\x00 HTTP/1.1", b"GET /a\rb HTTP/1.1", b"\x16\x03\x01\x02\x00\x01", b"HTTP/1.1 200 OK", b"{}",
    ])


@oddity(BROKEN)
def fields_that_are_none(draft, random):
    draft.put(random.choice([b"X-A : b", b"no colon", b": b", b"X A: b", b"X-\xc3\xa4: b", b"X-A: a\x00b", b"(X): b", b"X-A: a\rb"]))


@oddity(BROKEN)
def a_blank_before_the_first_field(draft, random):
    draft.fields.insert(0, b" X-A: b")
