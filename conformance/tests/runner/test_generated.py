"""Bodies made from the contract, in the mode that can do no harm."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from functools import cache

import pytest

from callproof.contract.bundles import load_contract
from callproof.json_values import Json
from callproof.judge.bodies import Body, proves
from callproof.judge.findings import AcceptedReading, Finding, Met, Outcome, Unmet
from callproof.judge.played import Reply
from callproof.runner.agent_sessions import Request
from callproof.runner.generated import bodies, play
from callproof.runner.validation import Validation
from conformance.tests.performing import SCHEMAS, suite
from conformance.tests.switchboard import Switchboard

REFUSAL: dict[str, Json] = {"statusCode": 6, "statusMessage": "no such call"}


@cache
def validation() -> Validation:
    return Validation(SCHEMAS)


class Answering(Switchboard):
    """Gives the same answer to everything, or a list of answers in turn."""

    def __init__(self, *answers: tuple[int, Json]) -> None:
        super().__init__()
        self._answers = list(answers)

    async def request(self, agent: str, request: Request) -> Reply:
        self.requests.append((agent, request))
        status, body = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        headers: dict[str, Json] = {"content-type": "application/json"}
        return Reply({"answered": True, "status": status, "headers": headers, "body": body}, evidence=("e",))


def found(lines: Switchboard, *made: Body) -> dict[str, Finding]:
    findings = asyncio.run(play(lines, "alice", made, suite().unasked, validation(), random.Random(1)))
    return {finding.requirement: finding for finding in findings}


VALID = Body(b'{"operationName": "Answer"}', valid=True)
INVALID = Body(b'{"operationName": 12}', valid=False)


@pytest.mark.slow
def test_the_same_seed_makes_the_same_bodies_of_both_kinds() -> None:
    made = bodies(load_contract().openapi, validation(), seed=1, examples=8)

    assert made == bodies(load_contract().openapi, validation(), seed=1, examples=8)
    assert {body.valid for body in made} == {True, False}


@pytest.mark.slow
def test_no_body_is_for_an_operation_that_a_server_may_accept_for_a_call_it_no_longer_has() -> None:
    made = bodies(load_contract().openapi, validation(), seed=1, examples=60)

    assert made
    assert [body.shown for body in made if b"SetCallDisposition" in body.content] == []


def test_every_request_goes_to_a_call_that_is_nobodys() -> None:
    lines = Answering((404, REFUSAL))

    found(lines, VALID, INVALID)

    paths = [request.path for _, request in lines.requests]
    assert len(set(paths)) == 2
    assert all(path.startswith("/me/calls/") and len(path) == len("/me/calls/") + 32 for path in paths)


def test_a_server_that_refuses_in_the_envelope_meets_everything() -> None:
    outcomes = found(Answering((404, REFUSAL)), VALID, INVALID)

    assert {finding.outcome for finding in outcomes.values()} == {Outcome.MET}
    assert outcomes.keys() <= proves(suite().unasked)


def test_an_invalid_body_that_is_taken_is_a_violation_once_it_repeats() -> None:
    outcomes = found(Answering((200, {"statusCode": 0})), INVALID)

    violation = outcomes["HTTP-ROB-002"]
    assert isinstance(violation, Unmet)
    assert violation.message == (
        'for the body {"operationName": 12}: body.statusCode: expected at least 1, got 0'
    )


def test_a_violation_that_does_not_repeat_is_only_worth_knowing() -> None:
    outcomes = found(Answering((500, REFUSAL), (404, REFUSAL)), INVALID)

    once = outcomes["HTTP-ROB-001"]
    assert isinstance(once, Met)
    assert once.reading == AcceptedReading(
        because="seen once, but not when the same request was sent again", verdict="info"
    )


def test_a_server_error_is_a_violation() -> None:
    assert found(Answering((500, REFUSAL)), VALID)["HTTP-ROB-001"].outcome is Outcome.UNMET


def test_no_answer_decides_nothing() -> None:
    class Silent(Answering):
        async def request(self, agent: str, request: Request) -> Reply:
            return Reply({"answered": False, "reason": "timed out"}, answered=False, why="no answer")

    outcomes = found(Silent((404, REFUSAL)), replace(VALID))

    assert {finding.outcome for finding in outcomes.values()} == {Outcome.UNDECIDED}
