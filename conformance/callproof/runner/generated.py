"""Generated bodies against the call-operation end-point, in the one mode that can do no harm: no call has the id.

Whatever the body says, it cannot dial, hold or end a call. schemathesis only generates the bodies from the contract, a fixed number of
them with a fixed seed; the agents' sessions send them like everything else. Before an apparent violation counts, the contract's validator
must confirm it and the same body must cause it again.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from callproof.catalogue.scenario import Unasked
from callproof.json_values import Json
from callproof.judge.bodies import Body, judge_body, proves, replayed, violated
from callproof.judge.claims import together
from callproof.judge.findings import Finding
from callproof.judge.played import Reply
from callproof.runner.agent_sessions import AgentSessions, Request
from callproof.runner.stage import unknown_call
from callproof.runner.validation import Validation

__all__ = ["EXAMPLES", "TITLE", "NotInstalled", "bodies", "play", "proves"]

TITLE = "Bodies made from the contract, right and wrong, are sent to a call that does not exist"
#: Bodies of each kind; with the replays this stays well under a hundred requests.
EXAMPLES = 30
_PATH = "/me/calls/{id}"
#: Operations on calls that may have ended. A server that keeps no ended calls may accept such an operation for any id, so it is not asked.
_OF_ENDED_CALLS = frozenset({"SetCallDisposition"})


class NotInstalled(Exception):
    """schemathesis is not installed; the rest of the suite does not need it."""


def bodies(
    openapi: Mapping[str, Json], validation: Validation, seed: int, examples: int = EXAMPLES
) -> tuple[Body, ...]:
    """Bodies for the call-operation end-point, meant to be valid and meant to be invalid; the same for the same seed.

    Only the validator decides which of them are valid. Raises NotInstalled.
    """
    try:
        import hypothesis
        import schemathesis
    except ImportError as error:
        raise NotInstalled(f"{error.name} is not installed; the extra callproof[run] brings it") from error
    operation = schemathesis.openapi.from_dict(dict(openapi))[_PATH]["POST"]
    found: list[Body] = []
    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def collect(case: schemathesis.Case[Any]) -> None:
            content = _content(case.body)
            if content is not None and not _is_of_an_ended_call(case.body):
                found.append(Body(content, _is_valid(content, validation)))

        collect()
    return tuple(dict.fromkeys(found))


async def play(
    sessions: AgentSessions,
    agent: str,
    made: Sequence[Body],
    unasked: Unasked,
    validation: Validation,
    chance: random.Random,
) -> tuple[Finding, ...]:
    """Send every body to a random id; return one finding per requirement, with every confirmed violation in it."""
    found: list[Finding] = []
    for body in made:
        request = Request("POST", f"/me/calls/{unknown_call(chance)}", text=body.content)
        reply = await sessions.request(agent, request)
        judged = list(judge_body(body, reply, _wrong_with(reply, validation), unasked))
        if violated(judged):
            again = await sessions.request(agent, request)
            confirmed = list(judge_body(body, again, _wrong_with(again, validation), unasked))
            judged = list(replayed(judged, confirmed, again.evidence))
        found.extend(judged)
    return tuple(together(found))


def _wrong_with(reply: Reply, validation: Validation) -> Sequence[str]:
    return validation.of_answer(reply.value["body"]) if "body" in reply.value else ("is not JSON",)


def _is_of_an_ended_call(body: object) -> bool:
    name = body.get("operationName") if isinstance(body, dict) else None
    return isinstance(name, str) and name in _OF_ENDED_CALLS


def _content(body: object) -> bytes | None:
    """The body as bytes; None if it is absent."""
    if isinstance(body, bytes):
        return body
    try:
        return json.dumps(body, ensure_ascii=True).encode()
    except (TypeError, ValueError):
        return None


def _is_valid(content: bytes, validation: Validation) -> bool:
    try:
        value: Json = json.loads(content)
    except ValueError:
        return False
    return not validation.of_request(value)
