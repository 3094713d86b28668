"""sse-starlette on uvicorn with all that `uvicorn[standard]` speeds it up with (uvloop, httptools)."""

import uvicorn
from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.routing import Route

from tokens import arguments, end_with_parent, instant_of, sleep_until_in_loop

PORT, PAYLOADS, GAP = arguments()


async def events(request):
    start = request.query_params["start"]

    async def generate():
        for index, payload in enumerate(PAYLOADS):
            await sleep_until_in_loop(instant_of(start, GAP, index))
            yield {"data": payload}

    return EventSourceResponse(generate(), sep="\n")


if __name__ == "__main__":
    end_with_parent()
    app = Starlette(routes=[Route("/events", events)])
    # No line a request, and a queue of new connections as long as the others'.
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="error", access_log=False, backlog=4096)
