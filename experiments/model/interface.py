"""OpenAI's interface to one model: which models there are, and a chat's completion, whole or as a stream of events."""

import contextlib
import secrets
import select
import socket
import time
import urllib.parse

from answer import Answer
from question import Refusal, question
from replies import Replies

BODY_BYTES = 1 << 20
# Seconds between two looks at whether somebody who waits for the model is still there.
LOOK = 0.1


class Interface(Replies):
    """One connection. Its server has a `model`: a name, a speaker, and the lock of the one answer at a time."""

    def do_GET(self):
        self.respond(self.listing)

    def do_POST(self):
        self.respond(self.complete)

    def respond(self, work):
        try:
            work()
        except Refusal as refusal:
            self.refuse(refusal)

    def listing(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        model = self.server.model
        card = {"id": model.name, "object": "model", "created": model.created, "owned_by": "pushlab"}
        if path == "/v1/models":
            return self.send_whole(200, {"object": "list", "data": [card]})
        if path.startswith("/v1/models/"):
            self.require_model(path.removeprefix("/v1/models/"))
            return self.send_whole(200, card)
        raise Refusal(404, f"There is nothing at {path}.", code="unknown_url")

    def require_model(self, name):
        if name != self.server.model.name:
            raise Refusal(404, f"The model {name} does not exist.", "model", "model_not_found")

    def complete(self):
        path = urllib.parse.urlsplit(self.path).path
        if path != "/v1/chat/completions":
            raise Refusal(404, f"There is nothing to ask at {path}.", code="unknown_url")
        asked = question(self.body())
        self.require_model(asked.model)
        speaker = self.server.model.speaker
        prompt = speaker.prompt(asked.messages)
        if len(prompt) >= speaker.context:
            words = f"The messages are {len(prompt)} tokens, and the model has room for {speaker.context - 1}."
            raise Refusal(400, words, "messages", "context_length_exceeded")
        answer = Answer(speaker, prompt, asked)
        with self.turn():
            end = "cut short"
            try:
                self.send_stream(answer, asked) if asked.is_streamed else self.send_answer(answer)
                end = answer.reason
            finally:
                self.log_message("%d tokens were answered with %d: %s", answer.prompt_count, answer.count, end)

    def body(self):
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise Refusal(411, "A request says how long it is with Content-Length.")
        if int(length) > BODY_BYTES:
            raise Refusal(413, f"A request has {BODY_BYTES} bytes at most.")
        return self.rfile.read(int(length))

    @contextlib.contextmanager
    def turn(self):
        """Waits until nobody else has the model. Raises `OSError` where the reader does not wait that long."""
        lock = self.server.model.lock
        while not lock.acquire(timeout=LOOK):
            self.require_reader()
        try:
            yield
        finally:
            lock.release()

    def require_reader(self):
        """Raises `OSError` where the reader has closed its connection, or its half of it: it asks nothing more, and
        readers that only then wait for an answer are rare."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        if readable and not self.connection.recv(1, socket.MSG_PEEK):
            raise ConnectionAbortedError("the reader has left")

    def texts(self, answer):
        """Of an answer, while somebody is there to read it."""
        for text in answer.texts():
            self.require_reader()
            yield text

    def send_answer(self, answer):
        text = "".join(self.texts(answer))
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": answer.reason}
        self.send_whole(200, self.named("chat.completion") | {"choices": [choice], "usage": answer.usage})

    def send_stream(self, answer, asked):
        head = self.named("chat.completion.chunk")
        # Where the count is asked for, all chunks have the key, and only the last one a value.
        count = {"usage": None} if asked.counts else {}

        def send(delta, reason=None):
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            self.send_event(head | {"choices": [choice]} | count)

        self.begin_stream()
        send({"role": "assistant", "content": ""})
        for text in self.texts(answer):
            if text:
                send({"content": text})
        send({}, answer.reason)
        if asked.counts:
            self.send_event(head | {"choices": [], "usage": answer.usage})
        self.send_chunk(b"data: [DONE]\n\n")
        self.send_chunk(b"")

    def named(self, kind):
        name = f"chatcmpl-{secrets.token_hex(12)}"
        return {"id": name, "object": kind, "created": int(time.time()), "model": self.server.model.name}
