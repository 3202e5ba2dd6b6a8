"""The envelope of every answer: `{"statusCode": 0, ...}`, or `{"statusCode": n, "statusMessage": "..."}` and nothing else."""

from __future__ import annotations

import json
from typing import Any

#: A bulk operation succeeded in part; processing is not complete. Neither is a refusal.
_PARTLY_DONE, _NOT_COMPLETE = 7, 9


def fault_in(status: int, content: bytes) -> str | None:
    """What is wrong with the body of an answer; None if nothing is."""
    try:
        answer = json.loads(content)
    except ValueError:
        return "the answer is not JSON"
    if not isinstance(answer, dict):
        return "the answer is not a JSON object"
    code = answer.get("statusCode")
    if not isinstance(code, int) or isinstance(code, bool):
        return "statusCode is not an integer"
    if code in (0, _PARTLY_DONE, _NOT_COMPLETE):
        return _fault_in_success(status, code, answer)
    message = answer.get("statusMessage")
    if not isinstance(message, str) or not message:
        return f"statusCode is {code}, but statusMessage is not a text that says why"
    if others := sorted(set(answer) - {"statusCode", "statusMessage"}):
        return f"a refusal carries nothing else, but this one has {', '.join(others)}"
    return None


def _fault_in_success(status: int, code: int, answer: dict[str, Any]) -> str | None:
    if code == 0 and status != 200:
        return f"statusCode is 0, but the HTTP status is {status}"
    if code != _NOT_COMPLETE and "statusMessage" in answer:
        return f"statusCode is {code}, but there is a statusMessage"
    return None


def is_accepted(status: int, content: bytes) -> bool:
    """Whether the server took the request: HTTP 200 with statusCode 0."""
    try:
        answer = json.loads(content)
    except ValueError:
        return False
    return status == 200 and isinstance(answer, dict) and answer.get("statusCode") == 0
