"""Calls that no agent can place, such as one that comes through a queue. Write here how your laboratory makes them.

As it stands, this module asks refswitch, whose administration interface ARRIVALS_URL names (`http://127.0.0.1:8080/__admin/v1/inbound`).
Without that variable no such call is made, and the operations that need one are reported as not accepted.
"""

from __future__ import annotations

import requests

from .agents import NotPrepared

_CALLER = "0205550100"
_QUEUE = "8000"


def queue_call(arrivals: str, agent: str) -> None:
    """Let a caller arrive through a queue at the agent's number; their device rings at once. Raises NotPrepared."""
    _arrive(arrivals, {"from": _CALLER, "queue": _QUEUE, "to": agent})


def _arrive(arrivals: str, call: dict[str, str]) -> None:
    if not arrivals:
        raise NotPrepared("ARRIVALS_URL is not set: nobody lets a call arrive from outside (outside.py)")
    answer = requests.post(arrivals, json=call, timeout=10)
    if answer.status_code != 200:
        raise NotPrepared(
            f"the call from outside was refused: HTTP {answer.status_code}, {answer.text[:200]}"
        )
