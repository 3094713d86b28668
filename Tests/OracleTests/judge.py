"""Whether a server's answers are those of the requests that the witness saw, in order, and the end the right one."""

import asyncio

import h11

import connections
from exchange import PATIENCE, Ended, Exchange
from routes import path_of, status_of
from witness import End


class Trouble(Exception):
    """What a server did wrong, in words."""


async def judge(plan, port, routes):
    """Holds one connection.

    - Raises Trouble.
    """
    exchange = await Exchange.open(port)
    try:
        async with asyncio.timeout(PATIENCE):
            if plan.manner == "cut":
                await exchange.send(plan.pieces)
                return
            sending = asyncio.create_task(send_at_once(exchange, plan)) if plan.manner == "at once" else None
            await read_all(exchange, plan, routes)
            if sending:
                await sending
    except TimeoutError:
        raise Trouble(f"nothing more came in {PATIENCE} s") from None
    except h11.RemoteProtocolError as error:
        raise Trouble(f"a response that is none: {error}") from None
    except Ended as error:
        raise Trouble(f"the end instead of a response, behind {error.args[0][:300]!r}") from None
    finally:
        exchange.cut(plan.resets) if plan.manner == "cut" else await exchange.close()


async def send_at_once(exchange, plan):
    await exchange.send(plan.pieces)
    if plan.half_closes:
        exchange.end_sending()


async def read_all(exchange, plan, routes):
    asked, end = connections.expected(plan)
    for place, (request, draft) in enumerate(asked):
        if plan.manner == "one by one":
            await exchange.send([plan.drafts[place].sent])
        answer = await exchange.answer("HEAD" if request.method == "HEAD" else "GET")
        is_refused = check(place, request, draft, answer, routes)
        if answer.closes:
            is_asked_to = end is End.CLOSES and place == len(asked) - 1
            may_close = lasts_to_the_end(draft, request) or may_lack_its_body(draft, answer)
            if not is_asked_to and not is_refused and not may_close:
                raise Trouble(f"{place}: {answer.status} ends the connection for no reason")
            return await expect_end(exchange)
    if end is End.BROKEN:
        if plan.manner == "one by one" and len(asked) < len(plan.drafts):
            await exchange.send([plan.drafts[len(asked)].sent])
        await expect_refusal(exchange, plan.drafts[min(len(asked), len(plan.drafts) - 1)])
    elif end is End.CUT:
        await expect_refusal(exchange, plan.drafts[min(len(asked), len(plan.drafts) - 1)])
    elif end is End.CUT_IN_LINE:
        rest = await exchange.rest()
        if rest and not is_refusal(rest):
            raise Trouble(f"half a line was answered with {rest[:300]!r}")
    else:
        await expect_end(exchange)


def check(place, request, draft, answer, routes):
    """Whether it is a refusal that a server may give, rather than the answer of the request's route."""
    statuses, route = status_of(routes, request.method, request.target, request.body)
    if answer.status in draft.refusals:
        return answer.status >= 400
    if answer.status not in statuses or "must be refused" in draft.oddities:
        may = f" or {sorted(draft.refusals)}" if draft.refusals else ""
        raise Trouble(
            f"{place}: {request.method} {request.target[:200]} has {answer.status}, not {sorted(statuses)}{may}"
        )
    if request.method in ("GET", "POST") and answer.status < 300 and not route.holds(request.target, answer.body):
        raise Trouble(f"{place}: {request.method} {request.target[:200]} has {answer.body[:300]!r}")
    return False


def lasts_to_the_end(draft, request):
    """HTTP/1.0 knows no chunks, so that an event stream's end is the connection's."""
    return draft.version == b"HTTP/1.0" and path_of(request.target).endswith(("/events", "/chat-stream"))


def may_lack_its_body(draft, answer):
    """Whose head came alone and asked whether the body is wanted may be refused, and who knows what comes behind it?
    (RFC 9110, section 10.1.1)"""
    return draft.asks_before_its_body and answer.status >= 400


async def expect_refusal(exchange, draft):
    """What cannot be read is answered, and nothing behind it: nobody knows where that begins."""
    rest = await exchange.rest()
    # Who announced a body and then sends none was told to go on (RFC 9110, section 10.1.1) before that could be known.
    rest = rest.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    if not is_refusal(rest):
        raise Trouble(f"{draft.line or draft.target[:100]!r}: not a refusal and the end, but {rest[:300]!r}")


def is_refusal(bytes):
    """One response of an error, with nothing behind it."""
    head, _, body = bytes.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    fields = dict(line.lower().replace(b" ", b"").split(b":", 1) for line in lines[1:] if b":" in line)
    is_error = lines[0][:8] in (b"HTTP/1.1", b"HTTP/1.0") and lines[0][9:10] in (b"4", b"5")
    # A response to HEAD has no body, and nobody can say here whether that was asked.
    is_whole = len(body) in (0, int(fields.get(b"content-length", b"0")))
    return is_error and is_whole and fields.get(b"connection") == b"close"


async def expect_end(exchange):
    rest = await exchange.rest()
    if rest:
        raise Trouble(f"behind the last response came {rest[:300]!r}")
