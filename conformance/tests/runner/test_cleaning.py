"""After a run that broke off: its calls are ended on the server, for everybody who can log in, and the ledger knows of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from callproof.runner.cleaning import clean_up_after
from callproof.runner.embedded import embedded_server
from callproof.runner.ledger import Ledger, OwnLeg, read_ledger
from callproof.target.target import Agent, Target
from callproof.wire import SystemClock


async def calls_of(agent: Agent, target: Target) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(auth=(agent.user, agent.password), timeout=60) as client:
        calls: list[dict[str, Any]] = (await client.get(f"{target.base_url}/me/calls?fields=*")).json()[
            "calls"
        ]
    return calls


async def dial(agent: Agent, number: str, target: Target) -> str:
    """Place a call and return its id."""
    async with httpx.AsyncClient(auth=(agent.user, agent.password), timeout=60) as client:
        device = (await client.get(f"{target.base_url}/me/devices?fields=*")).json()["devices"][0]["id"]
        session = {"operationName": "StartContactCenterSession", "channels": ["voice"]}
        await client.post(f"{target.base_url}/me", json=session)
        body = {"operationName": "Dial", "destination": {"phoneNumber": number}}
        await client.post(f"{target.base_url}/me/devices/{device}/calls", json=body)
    return str((await calls_of(agent, target))[0]["id"])


async def left_by_a_run(file: Path, target: Target, owners: Sequence[str]) -> None:
    """Each of them calls the number that rings for ever, and a ledger notes it."""
    ledger = Ledger(file)
    ledger.begin(target.base_url)
    for owner in owners:
        call = await dial(target.agents[owner], target.numbers["unanswered"], target)
        ledger.learn(OwnLeg(owner, call, "a/b"))
    ledger.close()


def test_what_was_ended_is_written_down_and_not_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"

    async def broken_off() -> tuple[tuple[str, ...], list[dict[str, Any]]]:
        async with embedded_server() as target:
            await left_by_a_run(file, target, ["alice"])
            left = await clean_up_after(read_ledger(file), target)
            return left, await calls_of(target.agents["alice"], target)

    assert asyncio.run(broken_off()) == ((), [])
    assert read_ledger(file).open_legs == ()


def test_a_wrong_password_keeps_nobody_else_from_being_helped(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"

    async def broken_off() -> tuple[tuple[str, ...], list[int]]:
        async with embedded_server() as target:
            await left_by_a_run(file, target, ["alice", "bob"])
            agents = {**target.agents, "alice": replace(target.agents["alice"], password="wrong")}
            left = await clean_up_after(read_ledger(file), replace(target, agents=agents))
            return left, [len(await calls_of(target.agents[name], target)) for name in ("alice", "bob")]

    left, up = asyncio.run(broken_off())

    assert up == [1, 0]
    (alices,) = read_ledger(file).open_legs
    assert left == (
        f"the call {alices.id} of alice (a/b): the login of alice was refused (HTTP 403, statusCode 20): "
        "check agents.alice.user_env and agents.alice.password_env",
    )


def test_an_agent_missing_from_the_target_file_is_reported(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.begin("http://127.0.0.1:1/api/v2")
    ledger.learn(OwnLeg("carol", "C", "a/b"))
    ledger.intend("carol", "Dial", "bob", "a/b")
    ledger.close()
    nobody = Target("a switch", "http://127.0.0.1:1/api/v2", "http://127.0.0.1:1/api/v2/notifications", {})

    left = asyncio.run(clean_up_after(read_ledger(tmp_path / "ledger.jsonl"), nobody))

    assert left == (
        "the call C of carol (a/b): agents.carol is not in the target file",
        "a call of carol to bob (Dial) whose id never became known: agents.carol is not in the target file",
    )


async def intent_whose_answer_never_came(
    file: Path, target: Target, *, alone: bool = True, to: str = "bob", age_s: float = 0, heard: bool = False,
    operation: str = "Dial",
) -> dict[str, Any]:  # fmt: skip
    """Alice calls bob; the ledger has only that a call was about to be requested. Return her call."""
    requested = SystemClock().now().timestamp() - age_s
    call = await dial(target.agents["alice"], target.agents["bob"].number, target)
    ledger = Ledger(file, now=lambda: requested)
    ledger.begin(target.base_url)
    ledger.alone = alone
    ledger.intend("alice", operation, to, "a/b", {call} if heard else frozenset())
    ledger.close()
    return (await calls_of(target.agents["alice"], target))[0]


def test_a_call_whose_id_a_killed_run_never_learnt_is_recognised_and_ended(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"

    async def broken_off() -> tuple[tuple[str, ...], list[dict[str, Any]]]:
        async with embedded_server() as target:
            await intent_whose_answer_never_came(file, target)
            left = await clean_up_after(read_ledger(file), target)
            return left, [
                call for name in ("alice", "bob") for call in await calls_of(target.agents[name], target)
            ]

    assert asyncio.run(broken_off()) == ((), [])
    assert not read_ledger(file).may_have_left_calls


@pytest.mark.parametrize(
    "otherwise",
    [
        {"alone": False}, {"to": "carol"}, {"age_s": 60}, {"age_s": -60}, {"heard": True},
        {"operation": "InitiateConference"}, {"operation": "SingleStepConference"},
    ],
    ids=str,
)  # fmt: skip
def test_a_call_that_may_be_a_persons_is_never_ended(tmp_path: Path, otherwise: dict[str, Any]) -> None:
    """The run was not alone, or the call has another party, another age, no parent, or was heard of before the request."""
    file = tmp_path / "ledger.jsonl"

    async def broken_off() -> tuple[tuple[str, ...], list[str], str]:
        async with embedded_server() as target:
            call = await intent_whose_answer_never_came(file, target, **otherwise)
            left = await clean_up_after(read_ledger(file), target)
            return left, [each["id"] for each in await calls_of(target.agents["alice"], target)], call["id"]

    left, up, call = asyncio.run(broken_off())

    operation, to = otherwise.get("operation", "Dial"), otherwise.get("to", "bob")
    assert left == (f"a call of alice to {to} ({operation}) whose id never became known",)
    assert up == [call]


def test_with_two_calls_that_may_be_the_requested_one_neither_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"

    async def broken_off() -> tuple[tuple[str, ...], int]:
        async with embedded_server() as target:
            await intent_whose_answer_never_came(file, target)
            await dial(target.agents["bob"], target.agents["alice"].number, target)
            left = await clean_up_after(read_ledger(file), target)
            return left, len(await calls_of(target.agents["alice"], target))

    assert asyncio.run(broken_off()) == (
        ("a call of alice to bob (Dial) whose id never became known",),
        2,
    )
