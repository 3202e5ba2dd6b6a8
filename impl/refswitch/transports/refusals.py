"""A request that holds no Bayeux message cannot be answered in Bayeux: HTTP refuses it, in the envelope of the API around it."""

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
"""Gets every request that is refused: its scope, as much of its body as was read, and the answer."""


def unnoted(scope: Scope, body: bytes, answer: Answer) -> None:
    """Notes nothing."""


class Unanswerable(Exception):
    """There is no Bayeux message to answer, so HTTP answers."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.status)


def refused(status: int, status_code: int, sentence: str, headers: Headers = ()) -> Unanswerable:
    """The envelope of ReturnValues, Genesys Web Services 8.5.2."""
    body = json.dumps({"statusCode": status_code, "statusMessage": sentence}).encode("ascii")
    return Unanswerable(Answer(status, (*JSON, *headers), body))
