"""Flask with a generator that yields events. Run by itself it is served as the article has it: by Flask's development
server, with a thread a reader."""

import logging

from flask import Flask, Response, request

from tokens import arguments, end_with_parent, instant_of, sleep_until

PORT, PAYLOADS, GAP = arguments()
app = Flask(__name__)
# Nobody else here writes a line a request.
logging.getLogger("werkzeug").setLevel(logging.ERROR)


@app.get("/events")
def events():
    start = request.args["start"]

    def generate():
        for index, payload in enumerate(PAYLOADS):
            sleep_until(instant_of(start, GAP, index))
            yield f"data: {payload}\n\n"

    return Response(generate(), mimetype="text/event-stream")


if __name__ == "__main__":
    end_with_parent()
    app.run(host="127.0.0.1", port=PORT, threaded=True)
