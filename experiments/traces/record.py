#!/usr/bin/env python3
"""Records one answer of an OpenAI-style server as a trace: record.py BASE_URL MODEL PROMPT TOKENS SOURCE > FILE.

SOURCE says in a sentence who answered and how. A text's milliseconds count from when the question was about to be
sent to when its event had been read.
"""

import json
import sys
import time
import urllib.request


def deltas(reply):
    """The texts of a stream of events, as they come. Raises `ValueError` where it ends early."""
    for line in reply:
        data = line.decode().strip().removeprefix("data:").strip()
        if data == "[DONE]":
            return
        if data and (choices := json.loads(data)["choices"]):
            yield choices[0]["delta"].get("content")
    raise ValueError("the answer was cut short")


def record(base_url, model, prompt, tokens, source):
    """The lines of a trace."""
    asked = {
        "model": model,
        "messages": [{"role": "user", "content": prompt}],
        "max_tokens": int(tokens),
        "temperature": 0,
        "stream": True,
    }
    body, head = json.dumps(asked).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{base_url}/chat/completions", body, head)
    start = time.monotonic()
    yield {"trace": 1, "source": source, "model": model, "prompt": prompt}
    with urllib.request.urlopen(request, timeout=600) as reply:
        for text in deltas(reply):
            if text:
                yield {"ms": round((time.monotonic() - start) * 1000, 3), "text": text}


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    for line in list(record(*sys.argv[1:])):
        print(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
