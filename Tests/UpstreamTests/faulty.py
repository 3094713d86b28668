"""A model behind the OpenAI interface that does wrong what its prompt names."""

import json
import socket
import threading

from listening import accepted

TEXTS = ["The", " sky", " is", " blé", " 世界", "."]


def chunk(text=None, **choice):
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": None} | choice
    body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "faulty", "choices": [choice]}
    return event(json.dumps(body, ensure_ascii=False))


def event(data):
    return f"data: {data}\n\n".encode()


ANSWER = b"".join(chunk(text) for text in TEXTS)
FINISH = chunk(finish_reason="stop")
DONE = event("[DONE]")


def usage(completion, prompt=9):
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return event(json.dumps({"choices": [], "usage": counts}))


def parts(text):
    return chunk().replace(b'"delta": {}', b'"delta": ' + json.dumps({"content": [{"type": "text", "text": text}]}).encode())


USAGE = usage(17)


def head(status="200 OK", kind="text/event-stream", *fields):
    lines = [f"HTTP/1.1 {status}", f"content-type: {kind}", "connection: close", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def refusal(status, message, *fields):
    body = json.dumps({"error": {"message": message, "type": "t", "param": None, "code": None}}).encode()
    return [head(status, "application/json", f"content-length: {len(body)}", *fields) + body]


class Silence:
    """In place of bytes: nothing more comes until the peer leaves."""


def pieces(fault, key):
    """What is sent, piece by piece."""
    cut = ANSWER.index("世".encode()) + 1
    return {
        "nothing": [head() + chunk(role="assistant"), ANSWER, FINISH + USAGE + DONE],
        "merged": [head() + chunk(""), chunk("The sky"), event(":") and b": a comment\n\n", chunk(" is blue."), FINISH + DONE],
        "a character in two pieces": [head() + ANSWER[:cut], ANSWER[cut:] + FINISH + DONE],
        "byte by byte": [head()] + [bytes([byte]) for byte in ANSWER + FINISH + DONE],
        "no done": [head() + ANSWER + FINISH],
        "no last blank line": [head() + ANSWER + FINISH + DONE[:-1]],
        "blanks around done": [head() + ANSWER + event(" [DONE] ")],
        "keep-alive events": [head() + event("null") + event("") + b"event: ping\ndata: ping\n\n" + ANSWER + FINISH + DONE],
        "parts": [head() + b"".join(parts(text) for text in TEXTS) + FINISH + DONE],
        "goes on": [head() + ANSWER + FINISH + DONE, Silence],
        "impossible usage": [head() + ANSWER + FINISH + usage(4611686018427387904) + DONE],
        "empty reason": [head() + b"".join(chunk(text, finish_reason="") for text in TEXTS)],
        "error event": [head() + ANSWER + b'event: error\ndata: {"message": "overloaded"}\n\n' + DONE],
        "error object": [head() + ANSWER + event(json.dumps({"object": "error", "message": "overloaded"})) + DONE],
        "error reason": [head() + ANSWER + chunk(finish_reason="error") + DONE],
        "cut off": [head() + ANSWER],
        "401": refusal("401 Unauthorized", f"Incorrect API key provided: {key}. " + "Look. " * 60),
        "403": refusal("403 Forbidden", "not for you"),
        "429": refusal("429 Too Many Requests", "slow down", "retry-after: 20"),
        "500": refusal("500 Internal Server Error", "the model is ill"),
        "redirect": [head("302 Found", "text/plain", "location: http://elsewhere.invalid/", "content-length: 0")],
        "html": [head("200 OK", "text/html") + b"<html><body>Welcome</body></html>"],
        "no json": [head() + ANSWER + event(f"<oops> {key}")],
        "large event": [head() + ANSWER + b"data: " + b"a" * 10_000_000 + b"\n\n" + DONE],
        "error": [head() + ANSWER + event(json.dumps({"error": {"message": f"overloaded, {key}"}})) + DONE],
        "silence": [head() + ANSWER, Silence],
        "late silence": [Silence],
        "reset": [head() + ANSWER, None],
        "no http": [b"SSH-2.0-OpenSSH_9.2\r\n"],
    }[fault]


class FaultyModel:
    """Takes connections, each on a thread of its own, until it is stopped."""

    def __init__(self, key):
        self.key = key
        self.asked = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        self.threads = [threading.Thread(target=self.serve)]
        self.threads[0].start()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(timeout=20)
        self.listener.close()

    def serve(self):
        for peer in accepted(self.listener):
            thread = threading.Thread(target=self.answer, args=[peer])
            self.threads.append(thread)
            thread.start()

    def answer(self, peer):
        with peer:
            peer.settimeout(60)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = self.request(peer)
            if request is None:
                return
            try:
                for piece in pieces(request["messages"][-1]["content"], self.key):
                    if piece is None:
                        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                        return
                    if piece is Silence:
                        peer.recv(1)
                        return
                    peer.sendall(piece)
            except OSError:
                # Who has seen enough leaves.
                pass

    def request(self, peer):
        """The body of a request, once it is whole; what stands in its head is kept."""
        come = b""
        while b"\r\n\r\n" not in come:
            piece = peer.recv(65_536)
            if not piece:
                return None
            come += piece
        start, _, body = come.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(": ", 1) for line in start.decode().split("\r\n")[1:])
        while len(body) < int(fields["content-length"]):
            body += peer.recv(65_536)
        self.asked.append((start.decode(), json.loads(body)))
        return json.loads(body)
