"""One answer while it is given: the text of each token, how many there were, and why it ended."""

import codecs

from chat import drawn


class Answer:
    def __init__(self, speaker, prompt, question):
        self.tokens = speaker.answer(prompt, drawn(question.temperature, question.seed))
        # A prompt leaves room for one at least.
        self.most = min(question.most_tokens, speaker.context - len(prompt))
        self.prompt_count = len(prompt)
        self.count = 0
        self.reason = "length"

    @property
    def usage(self):
        return {
            "prompt_tokens": self.prompt_count,
            "completion_tokens": self.count,
            "total_tokens": self.prompt_count + self.count,
        }

    def texts(self):
        """One a token, and one more at the end. Bytes that end within a character wait for its rest, so a text may be
        empty; what is left of one at the end, or is no UTF-8, becomes U+FFFD."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for token in self.counted():
            yield decoder.decode(token)
        yield decoder.decode(b"", final=True)

    def counted(self):
        for token in self.tokens:
            self.count += 1
            yield token
            if self.count == self.most:
                return
        self.reason = "stop"
