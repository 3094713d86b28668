"""What is done to a request and changes nothing of what is asked, or only what the witness tells of it, too."""

from drafts import oddity

MALFORMED = {400}
ODDITIES = []


@oddity(ODDITIES)
def names_in_odd_cases(draft, random):
    draft.fields = [swap_name(field, random) for field in draft.fields]


def swap_name(field, random):
    name, colon, value = field.partition(b":")
    return bytes(random.choice([letter, ord(chr(letter).swapcase())]) for letter in name) + colon + value


@oddity(ODDITIES)
def blanks_around_values(draft, random):
    blanks = [b"", b" ", b"  ", b"\t", b" \t "]
    parts = [field.partition(b":") for field in draft.fields]
    draft.fields = [n + c + random.choice(blanks) + v.strip() + random.choice(blanks) for n, c, v in parts]


@oddity(ODDITIES)
def bare_line_feeds(draft, random):
    # RFC 9112, section 2.2: a recipient may take them for the end of a line.
    draft.newline = b"\n"
    draft.refusals |= MALFORMED


@oddity(ODDITIES)
def an_empty_line_before(draft, random):
    draft.before = random.choice([b"\r\n", b"\n"])
    if draft.before == b"\n":
        draft.refusals |= MALFORMED


@oddity(ODDITIES)
def http_1_0(draft, random):
    draft.version = b"HTTP/1.0"


@oddity(ODDITIES)
def http_1_0_that_stays(draft, random):
    draft.version = b"HTTP/1.0"
    draft.put(random.choice([b"Connection: keep-alive", b"connection: Keep-Alive", b"Connection: foo, keep-alive"]))


@oddity(ODDITIES)
def the_last_one(draft, random):
    draft.put(
        random.choice([b"Connection: close", b"connection: Close", b"Connection: foo, close", b"Connection:close,bar"])
    )


@oddity(ODDITIES)
def lists_of_connection(draft, random):
    draft.put(random.choice([b"Connection: keep-alive", b"Connection: foo, , bar", b"Connection: TE, keep-alive"]))


@oddity(ODDITIES)
def expectation(draft, random):
    draft.put(random.choice([b"Expect: 100-continue", b"expect: 100-Continue"]))


@oddity(ODDITIES)
def an_offer_that_is_not_taken(draft, random):
    # RFC 9110, section 7.8.
    offer = random.choice([b"TLS/1.2", b"foo", b"h2c", b"foo/2, bar"])
    draft.put(b"Upgrade: " + offer)
    draft.put(random.choice([b"Connection: Upgrade", b"Connection: keep-alive, Upgrade"]))


@oddity(ODDITIES)
def a_whole_uri(draft, random):
    # RFC 9112, section 3.2.2.
    draft.target = random.choice([b"http://localhost", b"http://127.0.0.1:80", b"HTTP://LOCALHOST:8080"]) + draft.target


@oddity(ODDITIES)
def odd_queries(draft, random):
    query = random.choice(
        [
            b"a;b",
            b"a+b=c+d",
            b"=",
            b"&&",
            b"a=%0Ab",
            b"a=b%0D%0AX: y".replace(b" ", b"%20"),
            b"?",
            b"a=b=c",
            b"%41=%61",
            b"a=/../",
            b"prompt=a;b",
        ]
    )
    draft.target += (b"&" if b"?" in draft.target else b"?") + query


@oddity(ODDITIES)
def escapes_in_the_path(draft, random):
    path, question, query = draft.target.partition(b"?")
    if path.startswith(b"/") and len(path) > 1:
        place = random.randrange(1, len(path))
        draft.target = path[:place] + b"%%%02x" % path[place] + path[place + 1 :] + question + query


@oddity(ODDITIES)
def odd_hosts(draft, random):
    host = random.choice([b"localhost.", b"LOCALHOST", b"localhost:8080", b"127.0.0.1", b"[::1]:80", b"a.localhost"])
    draft.fields = [b"Host: " + host if field == b"Host: localhost" else field for field in draft.fields]
