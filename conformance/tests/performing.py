"""Plays the suite's own scenarios against a small switch in virtual time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from callproof.catalogue.loading import ScenarioReader, Suite
from callproof.catalogue.planning import plan
from callproof.catalogue.scenario import Scenario
from callproof.contract.bundles import load_contract
from callproof.judge.checks import CheckDone
from callproof.runner.agent_sessions import AgentSessions
from callproof.runner.events import Event, RunStarted, SuiteInfo, TargetInfo
from callproof.runner.runner import Outside, Runner
from callproof.runner.suite import read_suite, texts_in
from callproof.target.target import Agent, Target
from callproof.validator.schemas import Schemas

from .switchboard import NUMBERS

TARGET = Target(
    product="a switch",
    base_url="http://switch.test/api/v2",
    cometd_url="http://switch.test/api/v2/notifications",
    public_base="http://switch.test",
    agents={name: Agent(name, number, "login", "password") for name, number in NUMBERS.items()},
)
STARTED = RunStarted(
    "run", "2016-03-25T18:22:00Z", SuiteInfo("callproof", "0", ""), TargetInfo("a switch", "", ""), (), 1
)


CONTRACT = load_contract()
SCHEMAS = Schemas(CONTRACT.openapi, CONTRACT.asyncapi)
READER = ScenarioReader(json.loads(texts_in()["scenarios/scenario.schema.json"]))


@cache
def suite() -> Suite:
    return read_suite(CONTRACT)


@cache
def outside() -> Outside:
    return Outside(TARGET, SCHEMAS, {each.id: each.level for each in suite().catalogue})


def runner(
    lines: AgentSessions,
    scenarios: Sequence[Scenario] = (),
    select: Sequence[str] = (),
    target: Target = TARGET,
) -> Runner:
    chosen = scenarios or suite().scenarios
    planned = plan(chosen, suite().flows, suite().unasked, select=select)
    return Runner(planned, replace(outside(), target=target), STARTED, sessions=lines)


def events(
    lines: AgentSessions,
    scenarios: Sequence[Scenario] = (),
    select: Sequence[str] = (),
    target: Target = TARGET,
) -> list[Event]:
    """All that a run against these lines tells."""

    async def collect() -> list[Event]:
        return [event async for event in runner(lines, scenarios, select, target).events()]

    return asyncio.run(collect())


def checks(lines: AgentSessions, select: str = "initiate-conference/holds-then-dials") -> list[CheckDone]:
    return [event for event in events(lines, select=[select]) if isinstance(event, CheckDone)]


def wrong(done: Sequence[CheckDone]) -> dict[str, str]:
    """The requirements that are not simply met, each with the verdict and code of its first such check."""
    found: dict[str, str] = {}
    for check in done:
        if check.verdict not in ("pass", "not-applicable"):
            found.setdefault(check.requirement, f"{check.verdict} {check.code}".strip())
    return found


def scenario(text: str) -> Scenario:
    """A scenario from its YAML."""
    value = READER.read(text, "test.yaml")
    assert isinstance(value, Scenario)
    return value
