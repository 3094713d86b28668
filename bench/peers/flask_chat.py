"""Flask in the article's manner: its development server, a thread a reader, a generator that yields events."""

import logging
import time

from flask import Flask, Response, request

from tokens import arguments, seconds_until

PORT, PAYLOADS, GAP = arguments()
app = Flask(__name__)
# Nobody else here writes a line a request.
logging.getLogger("werkzeug").setLevel(logging.ERROR)


@app.get("/events")
def events():
    start = request.args["start"]

    def generate():
        for index, payload in enumerate(PAYLOADS):
            time.sleep(seconds_until(start, GAP, index))
            yield f"data: {payload}\n\n"

    return Response(generate(), mimetype="text/event-stream")


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=PORT, threaded=True)
