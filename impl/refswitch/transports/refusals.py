"""Refuses requests without Bayeux messages, which cannot be answered in Bayeux, over HTTP in the envelope of the REST API."""

import json
from collections.abc import Callable
from typing import TypeAlias

from refswitch.asgi import Answer, Headers, Scope

JSON: Headers = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


NoteRefusal: TypeAlias = Callable[[Scope, bytes, Answer], None]
"""Receives every refused request: its scope, as much of its body as was read, and the answer."""


def unnoted(scope: Scope, body: bytes, answer: Answer) -> None:
    """Record nothing."""


class Unanswerable(Exception):
    """The request has no Bayeux message to reply to, so the answer is an HTTP error."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.status)


def refused(status: int, status_code: int, sentence: str, headers: Headers = ()) -> Unanswerable:
    """The refusal in the envelope of ReturnValues, Genesys Web Services 8.5.2."""
    body = json.dumps({"statusCode": status_code, "statusMessage": sentence}).encode("ascii")
    return Unanswerable(Answer(status, (*JSON, *headers), body))
