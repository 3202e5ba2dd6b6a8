"""What is no Bayeux message cannot be answered in Bayeux: HTTP refuses it, in the envelope of the API around it."""

import json
from collections.abc import Callable
from typing import TypeAlias

from .asgi import Headers, Refusal, Scope

JSON: Headers = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


NoteRefusal: TypeAlias = Callable[[Scope, str | None, bytes, Refusal], None]
"""Told of a request that is refused: its scope, whose it is if that is known, as much of its body as was read, and the answer."""


def unnoted(scope: Scope, owner: str | None, body: bytes, refusal: Refusal) -> None:
    """For whoever does not want to be told."""


class Unanswerable(Exception):
    """There is no Bayeux message to answer, so HTTP answers."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.status)


def refused(status: int, status_code: int, sentence: str, headers: Headers = ()) -> Unanswerable:
    """The envelope of ReturnValues, Genesys Web Services 8.5.2."""
    body = json.dumps({"statusCode": status_code, "statusMessage": sentence}).encode("ascii")
    return Unanswerable(Refusal(status, (*JSON, *headers), body))
