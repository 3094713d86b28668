"""What somebody asks, checked: the body of a request for a chat's completion, as OpenAI's interface has it."""

import dataclasses
import json

# Tokens of an answer where nobody says how many: a small model may repeat itself without end.
MOST_TOKENS = 400
# OpenAI calls it developer today, and a template of SmolLM2 knows system alone.
ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
# What would change the answer and is not to be had here, with the values that change nothing.
NOT_HERE = {
    "n": (None, 1),
    "stop": (None, []),
    "tools": (None, []),
    "logprobs": (None, False),
    "top_p": (None, 1),
    "response_format": (None, {"type": "text"}),
}


class Refusal(Exception):
    """Why a request gets no answer, in the words of an OpenAI error."""

    def __init__(self, status, message, param=None, code=None):
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}


@dataclasses.dataclass(frozen=True)
class Question:
    model: str
    # Pairs of role and text.
    messages: list
    most_tokens: int
    temperature: float
    seed: int | None
    is_streamed: bool
    # Whether a last chunk of a stream is to say how many tokens there were.
    counts: bool


def question(body):
    """Of a request's body. Raises `Refusal`."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "The body is not JSON.") from None
    if not isinstance(told, dict):
        raise Refusal(400, "The body is not a JSON object.")
    for name, harmless in NOT_HERE.items():
        if told.get(name) not in harmless:
            raise Refusal(400, f"{name} is not supported by this model.", name, "unsupported_parameter")
    limit = "max_completion_tokens" if told.get("max_completion_tokens") is not None else "max_tokens"
    options = of_kind(told, "stream_options", dict, {}, "an object")
    return Question(
        model=of_kind(told, "model", str, None, "the name of a model"),
        messages=messages(told.get("messages")),
        most_tokens=within(of_kind(told, limit, int, MOST_TOKENS, "an integer"), limit, 1, None),
        temperature=within(of_kind(told, "temperature", (int, float), 0, "a number"), "temperature", 0, 2),
        seed=of_kind(told, "seed", int, None, "an integer"),
        is_streamed=of_kind(told, "stream", bool, False, "true or false"),
        counts=of_kind(options, "include_usage", bool, False, "true or false"),
    )


def of_kind(told, name, kind, default, words):
    value = told.get(name)
    if value is None:
        return default
    # To Python true is an integer.
    if not isinstance(value, kind) or isinstance(value, bool) and kind is not bool:
        raise Refusal(400, f"{name} has to be {words}.", name, "invalid_type")
    return value


def within(value, name, least, most):
    if not (value >= least and (most is None or value <= most)):
        bounds = f"at least {least}" if most is None else f"between {least} and {most}"
        raise Refusal(400, f"{name} has to be {bounds}.", name, "invalid_value")
    return value


def messages(told):
    if not isinstance(told, list) or not told:
        raise Refusal(400, "messages has to be a list of at least one message.", "messages", "invalid_type")
    return [message(each, f"messages[{place}]") for place, each in enumerate(told)]


def message(told, name):
    """Role and text."""
    if not isinstance(told, dict):
        raise Refusal(400, f"{name} has to be an object.", name, "invalid_type")
    role, content = told.get("role"), told.get("content")
    if not isinstance(role, str) or role not in ROLES:
        raise Refusal(400, f"{name}.role has to be one of {', '.join(ROLES)}.", f"{name}.role", "invalid_value")
    if isinstance(content, list) and all(is_text(part) for part in content):
        content = "".join(part["text"] for part in content)
    if not isinstance(content, str):
        raise Refusal(400, f"{name}.content has to be text.", f"{name}.content", "invalid_type")
    try:
        content.encode()
    except UnicodeEncodeError:
        raise Refusal(400, f"{name}.content holds half a character.", f"{name}.content", "invalid_value") from None
    return ROLES[role], content


def is_text(part):
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)
