"""Validates every request, answer and notification by the contract's schemas automatically. Pure once the contract is loaded."""

from __future__ import annotations

from collections.abc import Sequence

from callproof.json_values import Json
from callproof.judge.notification import Notification
from callproof.validator.finding import ERROR, OLDER_FORM, Finding
from callproof.validator.payload import BAYEUX, REQUEST, RESPONSE, validate
from callproof.validator.schemas import Schemas


class Validation:
    """What is wrong with a request, an answer or a notification by the schema that applies to it.

    A call in the form before 8.5.2 is wrong here, because every profile is about 8.5.2 and later.
    """

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def of_request(self, body: Json) -> tuple[str, ...]:
        """What is wrong with one of the suite's own requests; any mistake here is the suite's."""
        return _in_words(validate(body, self._schemas, REQUEST).findings)

    def of_answer(self, body: Json) -> tuple[str, ...]:
        return _in_words(validate(body, self._schemas, RESPONSE).findings)

    def of_notification(self, heard: Notification) -> tuple[str, ...]:
        return _in_words(validate(dict(heard.message), self._schemas, BAYEUX).findings)


def _in_words(found: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(
        f"{finding.where} {finding.message}"
        for finding in found
        if finding.severity == ERROR or finding.rule == OLDER_FORM
    )
