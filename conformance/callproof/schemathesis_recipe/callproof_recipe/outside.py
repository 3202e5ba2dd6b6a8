"""Calls that no agent can place: a caller reaches a queue, a dialler offers a preview. Write here how your laboratory makes them.

As it stands, this module asks refswitch, whose administration interface OUTSIDE_URL names (`http://127.0.0.1:8080/__admin/v1`).
Without that variable no such call is made, and the operations that need one are reported as not accepted.
"""

from __future__ import annotations

import requests

from .agents import NotPrepared

_CALLER = "0205550100"
_QUEUE = "8000"
_TIMEOUT_S = 10


def queue_call(outside: str, agent: str) -> None:
    """Let a caller arrive through a queue at the agent's number; their device rings at once. Raises NotPrepared."""
    _ask(outside, "inbound", {"from": _CALLER, "queue": _QUEUE, "to": agent})


def preview_call(outside: str, agent: str, number: str) -> None:
    """Offer the agent a call to the number, which is dialled when they accept it. Raises NotPrepared."""
    _ask(outside, "preview", {"agent": agent, "number": number})


def _ask(outside: str, what: str, call: dict[str, str]) -> None:
    if not outside:
        raise NotPrepared("OUTSIDE_URL is not set: nobody makes calls from outside (outside.py)")
    try:
        answer = requests.post(f"{outside.rstrip('/')}/{what}", json=call, timeout=_TIMEOUT_S)
    except requests.RequestException as error:
        raise NotPrepared(f"OUTSIDE_URL cannot be reached: {type(error).__name__}") from None
    if answer.status_code != 200:
        raise NotPrepared(
            f"the call from outside was refused: HTTP {answer.status_code}, {answer.text[:200]}"
        )
