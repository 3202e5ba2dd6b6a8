"""Generated bodies against the call-operation end-point, in the one mode that can do no harm: the call id is nobody's.

Cold: whatever the body says, there is no call to act on, so nothing can be dialled, held or ended. schemathesis only makes the bodies,
from the contract, with a fixed seed and in a fixed number; they are sent through the same lines as everything else. What looks like a
violation is held against the contract's own validator and sent once more, unchanged, before it counts.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from callproof.catalogue.scenario import Unasked
from callproof.json_values import Json
from callproof.judge.findings import Finding
from callproof.judge.judging import judge_claim
from callproof.judge.played import Reply
from callproof.judge.predicates import NO_SCOPE
from callproof.judge.watching import together
from callproof.runner.lines import Lines, Request
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
    lines: Lines,
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
        wrong = {finding.requirement for finding in judged if finding.outcome == "unmet"}
        if wrong:
            again = await lines.request(agent, request)
            confirmed = {
                f.requirement for f in _judge(body, again, unasked, validation) if f.outcome == "unmet"
            }
            judged = [_replayed(finding, confirmed, again) for finding in judged]
        found.extend(judged)
    return tuple(together(found))


def _judge(body: Body, reply: Reply, unasked: Unasked, validation: Validation) -> Iterator[Finding]:
    shown = body.content[:120].decode("utf-8", errors="replace")
    about = Finding("", "", "", f"for the body {shown}", step="generated bodies", evidence=reply.evidence)
    bodies = unasked.generated
    claims = (*bodies.each, *(bodies.valid if body.valid else bodies.invalid), *unasked.answers)
    if not reply.answered:
        for requirement in dict.fromkeys(each for claim in claims for each in claim.proves):
            yield replace(about, requirement=requirement, outcome="undecided", message=reply.why)
        return
    for claim in claims:
        yield from (_with_body(f, shown) for f in judge_claim(claim, dict(reply.value), NO_SCOPE, about))
    problems = validation.of_answer(reply.value["body"]) if "body" in reply.value else ("is not JSON",)
    for requirement in unasked.schema_of.get("answer", ()):
        found = replace(about, requirement=requirement, expected="the answer is valid against the contract")
        text = f"for the body {shown}: {'; '.join(problems)}"
        yield (
            replace(found, outcome="unmet", code="schema", message=text)
            if problems
            else replace(found, outcome="met")
        )


def _with_body(finding: Finding, shown: str) -> Finding:
    return (
        replace(finding, message=f"for the body {shown}: {finding.message}")
        if finding.outcome == "unmet"
        else finding
    )


def _replayed(finding: Finding, confirmed: set[str], again: Reply) -> Finding:
    """A violation that does not repeat is worth knowing, and no more."""
    if finding.outcome != "unmet":
        return finding
    evidence = (*finding.evidence, *again.evidence)
    if finding.requirement in confirmed:
        return replace(finding, evidence=evidence)
    reading = "seen once, not when the same request was sent again"
    return replace(
        finding, outcome="met", code="", reading=reading, reading_verdict="info", evidence=evidence
    )


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
