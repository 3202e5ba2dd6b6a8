"""Generated bodies against the call-operation end-point, in the one mode that can do no harm: the call id is nobody's.

Cold: whatever the body says, there is no call to act on, so nothing can be dialled, held or ended. schemathesis only makes the bodies,
from the contract, with a fixed seed and in a fixed number; they are sent through the same lines as everything else. What looks like a
violation is held against the contract's own validator and sent once more, unchanged, before it counts.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from callproof.catalogue.scenario import Unasked
from callproof.json_values import Json
from callproof.judge.claims import judge_claim, together
from callproof.judge.everywhere import against_schema, answer_is_valid
from callproof.judge.findings import About, AcceptedReading, Finding, Met, Undecided, Unmet
from callproof.judge.played import Reply
from callproof.judge.predicates import NO_SCOPE
from callproof.judge.sentences import Sentence, say
from callproof.runner.agent_sessions import AgentSessions, Request
from callproof.runner.validation import Validation

TITLE = "Bodies made from the contract, right and wrong, are sent to a call that does not exist"
#: Bodies of each kind; with the replays this stays well under a hundred requests.
EXAMPLES = 30
_PATH = "/me/calls/{id}"
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"


class NotInstalled(Exception):
    """schemathesis is not there; the rest of the suite does without."""


@dataclass(frozen=True)
class Body:
    """A generated body as it is sent, and whether the contract's own validator takes it for a valid request."""

    content: bytes
    valid: bool


def proves(unasked: Unasked) -> frozenset[str]:
    """The requirements that this mode emits checks for."""
    answers = {requirement for claim in unasked.answers for requirement in claim.proves}
    schema = set(unasked.schema_of.get("answer", ()))
    return frozenset(unasked.generated.proves | answers | schema)


def bodies(
    openapi: Mapping[str, Json], validation: Validation, seed: int, examples: int = EXAMPLES
) -> tuple[Body, ...]:
    """Bodies for the call-operation end-point: as many meant to be right as meant to be wrong. The same for the same seed.

    What they are meant to be is not believed: the validator says what they are. Raises NotInstalled.
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
            if content is not None:
                found.append(Body(content, _is_valid(content, validation)))

        collect()
    return tuple(dict.fromkeys(found))


async def play(
    lines: AgentSessions,
    agent: str,
    made: Sequence[Body],
    unasked: Unasked,
    validation: Validation,
    chance: random.Random,
) -> tuple[Finding, ...]:
    """Send every body to a random id; one finding for each requirement, with every confirmed violation in it."""
    found: list[Finding] = []
    for body in made:
        path = f"/me/calls/{''.join(chance.choice(_LETTERS) for _ in range(32))}"
        request = Request("POST", path, text=body.content)
        reply = await lines.request(agent, request)
        judged = list(_judge(body, reply, unasked, validation))
        if _violated(judged):
            again = await lines.request(agent, request)
            confirmed = _violated(_judge(body, again, unasked, validation))
            judged = [_replayed(finding, confirmed, again) for finding in judged]
        found.extend(judged)
    return tuple(together(found))


def _violated(findings: Iterable[Finding]) -> set[str]:
    return {finding.requirement for finding in findings if isinstance(finding, Unmet)}


def _judge(body: Body, reply: Reply, unasked: Unasked, validation: Validation) -> Iterator[Finding]:
    """What the answer to a body shows; violations say which body it was."""
    shown = body.content[:120].decode("utf-8", errors="replace")
    about = About(step="generated bodies", expected="", evidence=reply.evidence)
    made = unasked.generated
    claims = (*made.each, *(made.valid if body.valid else made.invalid), *unasked.answers)
    if not reply.answered:
        why = say(Sentence.UNANSWERED, why=reply.why)
        for requirement in dict.fromkeys(each for claim in claims for each in claim.proves):
            yield Undecided(requirement=requirement, about=about, message=why)
        return
    what = f"for the body {shown}"
    for finding in (f for claim in claims for f in judge_claim(claim, reply.value, NO_SCOPE, about, what)):
        if isinstance(finding, Unmet):
            yield replace(finding, message=say(Sentence.FOR_BODY, body=shown, what=finding.message))
        else:
            yield finding
    problems = validation.of_answer(reply.value["body"]) if "body" in reply.value else ("is not JSON",)
    yield from against_schema(unasked.schema_of.get("answer", ()), problems, what, answer_is_valid(about))


def _replayed(finding: Finding, confirmed: set[str], again: Reply) -> Finding:
    """A violation that does not repeat is worth knowing, and no more."""
    if not isinstance(finding, Unmet):
        return finding
    about = replace(finding.about, evidence=(*finding.about.evidence, *again.evidence))
    if finding.requirement in confirmed:
        return replace(finding, about=about)
    once = AcceptedReading(because=say(Sentence.SEEN_ONCE), verdict="info")
    return Met(requirement=finding.requirement, about=about, reading=once)


def _content(body: object) -> bytes | None:
    """The body as bytes; None for no body at all, which no generator is needed for."""
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
