"""How the model's server replies: JSON as a whole, events in chunks, errors in OpenAI's form."""

import json
import sys
from http.server import BaseHTTPRequestHandler

from question import Refusal


class Replies(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Each token is sent when it is there.
    disable_nagle_algorithm = True
    # Seconds that a reader may take nothing or say nothing.
    timeout = 60

    def refuse(self, refusal):
        # What is left of a request that was not read is no request of its own.
        self.close_connection = self.close_connection or self.command != "GET"
        self.send_whole(refusal.status, {"error": refusal.error})

    def send_error(self, code, message=None, explain=None):
        """What http.server finds wrong with a request by itself."""
        self.close_connection = True
        self.send_whole(code, {"error": Refusal(code, message or self.responses[code][0]).error})

    def send_whole(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def begin_stream(self):
        # HTTP/1.0 has no chunks: there the end of the connection is the end of the stream.
        self.is_chunked = self.request_version != "HTTP/1.0"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        if self.is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.close_connection = True
        self.end_headers()

    def send_event(self, value):
        self.send_chunk(b"data: " + json.dumps(value).encode() + b"\n\n")

    def send_chunk(self, data):
        """None of them empty but the last, which ends the stream."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if self.is_chunked else data)

    def log_request(self, code="-", size="-"):
        """Answers are told of, requests are not."""

    def log_message(self, form, *values):
        print(form % values, file=sys.stderr, flush=True)
