"""Tries variants: runs the suite against a reference server behind each variant's line."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from callproof import VERSION
from callproof.catalogue.loading import Suite
from callproof.catalogue.planning import GENERATED, NothingSelected, Plan, plan
from callproof.catalogue.requirement import Catalogue
from callproof.contract.bundles import Contract
from callproof.json_values import Json
from callproof.judge.checks import CheckDone
from callproof.report.result import build
from callproof.runner.embedded import NotStarted, local_target
from callproof.runner.events import Event, RunEnded, RunStarted, ScenarioStarted, SuiteInfo, TargetInfo
from callproof.runner.runner import NotReady, Outside, Runner
from callproof.target.target import Target
from callproof.validator.schemas import Schemas

from .line import Line
from .matrix import Seen, Trial
from .model import Variant
from .stand import Stand, stand
from .table import NoSuchRow, copy_contract

#: The reference server behind a line that changes nothing; every variant is compared with it.
SOUND = Variant("sound", "legal", "The reference server as it is")
#: Where to look for what every scenario of a profile proves automatically.
_UNASKED = {
    "http": ("http/*",),
    "initiate-conference": ("initiate-conference/holds-then-dials", "initiate-conference/two-party-call"),
}
_ENOUGH = 2  # of the scenarios that prove a requirement, the shortest
_LONGEST_S = 240.0


@dataclass(frozen=True)
class Bench:
    """What all trials share: the suite under test, and the exit code of a command that plays it."""

    suite: Suite
    catalogue: Catalogue
    contract: Contract
    exit_code: Callable[[Mapping[str, Json]], int]
    event_timeout_s: float = 3.0

    def sound(self, variants: Sequence[Variant], *, whole: bool) -> tuple[Variant, ...]:
        """The reference server behind a line that changes nothing, once for each way of listening to these variants.

        It plays what they need. It plays everything if one of them is legal and, in the usual way, if they are the whole bench.
        """
        ways = dict.fromkeys(variant.listening for variant in ([SOUND, *variants] if whole else variants))
        return tuple(self._sound(way, variants, whole=whole) for way in ways)

    def _sound(self, way: tuple[str, bool], variants: Sequence[Variant], *, whole: bool) -> Variant:
        over, acknowledge = way
        mine = [variant for variant in variants if variant.listening == way]
        everything = any(variant.is_legal for variant in mine) or (whole and way == SOUND.listening)
        name = SOUND.name + (
            "" if way == SOUND.listening else f"-{over}{'-acknowledged' if acknowledge else ''}"
        )
        plays = {} if everything else self._plays(mine)
        return replace(SOUND, name=name, scenarios=tuple(plays), over=over, acknowledge=acknowledge)

    def _plays(self, variants: Sequence[Variant]) -> dict[str, None]:
        """The scenarios that these variants need, each once."""
        plans = [self._plan(variant) for variant in variants]
        ids = [play.scenario.id for chosen in plans for play in chosen.plays]
        return dict.fromkeys([*ids, *(GENERATED for chosen in plans if chosen.generated)])

    async def trials(
        self, variants: Sequence[Variant], at_once: int, done: Callable[[Trial], None]
    ) -> list[Trial]:
        """Try all variants, up to `at_once` in parallel; pass each trial to `done` and return all in the order of the variants.

        Parallel trials have separate servers. A server is reused as long as it is as new; a changed table needs a new one.
        """
        waiting = sorted(
            variants, key=lambda variant: (not variant.is_legal, bool(variant.table)), reverse=True
        )
        ended: dict[str, Trial] = {}

        async def work() -> None:
            async with contextlib.AsyncExitStack() as kept:
                usual = _Usual(kept)
                while waiting:
                    variant = waiting.pop()
                    ended[variant.name] = await self._guarded(variant, usual)
                    done(ended[variant.name])

        await asyncio.gather(*(work() for _ in range(min(at_once, len(variants)))))
        return [ended[variant.name] for variant in variants]

    async def _guarded(self, variant: Variant, usual: _Usual) -> Trial:
        """A trial in any case: it records an error of the suite, and the other trials go on."""
        began = asyncio.get_running_loop().time()
        task = asyncio.create_task(self._trial(variant, usual))
        await asyncio.wait({task})
        error = task.exception()
        trial = Trial(variant, stopped=f"the suite failed: {error!r}") if error else task.result()
        return replace(trial, seconds=asyncio.get_running_loop().time() - began)

    async def _trial(self, variant: Variant, usual: _Usual) -> Trial:
        line = Line(variant)
        try:
            async with asyncio.timeout(_LONGEST_S):
                chosen = self._plan(variant)
                if not variant.table:
                    return await self._played(variant, line, chosen, await usual.stand())
                with tempfile.TemporaryDirectory(prefix="callproof-") as directory:
                    copy_contract(Path(self.contract.directory), variant.table, Path(directory))
                    async with stand(Path(directory)) as own:
                        return await self._played(variant, line, chosen, own)
        except TimeoutError:
            return Trial(variant, stopped=f"it took longer than {_LONGEST_S:g} s", triggers=line.triggers)
        except (NotReady, NotStarted, NoSuchRow, NothingSelected) as reason:
            return Trial(variant, stopped=str(reason), triggers=line.triggers)

    async def _played(self, variant: Variant, line: Line, chosen: Plan, at: Stand) -> Trial:
        target = replace(_target(at.port, variant), event_timeout_s=self.event_timeout_s)
        levels = {requirement.id: requirement.level for requirement in self.catalogue}
        openapi = self.contract.openapi
        outside = Outside(target, Schemas(openapi, self.contract.asyncapi), levels, openapi=openapi)
        async with at.behind(line) as proxy:
            runner = Runner(chosen, outside, _started(chosen, target))
            events = [event async for event in runner.events()]
        lost = "the server behind the fault layer did not answer" if proxy.lost else ""
        return Trial(
            variant,
            checks=tuple(_seen(events, self.catalogue)),
            triggers=line.triggers,
            stopped=lost or _why_stopped(events),
            profiles=_profiles(build(events, self.catalogue, exit_code=self.exit_code)),
        )

    def _plan(self, variant: Variant) -> Plan:
        """What the variant plays: the scenarios it names, else those that prove its requirement; everything if it is legal."""
        suite, select = self.suite, self._select(variant)
        chosen = plan(suite.scenarios, suite.flows, suite.unasked, select=select, has=_target(0, variant).has)
        if GENERATED in variant.scenarios or variant.is_sound:
            return chosen
        about_http = any(rule.on in ("request", "answer") for rule in variant.rules)
        return replace(chosen, generated=chosen.generated and variant.is_legal and about_http)

    def _select(self, variant: Variant) -> Sequence[str]:
        if variant.scenarios or variant.is_legal:
            return variant.scenarios
        if variant.expects in self.suite.unasked.proves:
            return _UNASKED[self.catalogue[variant.expects].profiles[0]]
        has = _target(0, variant).has
        proving = [
            scenario
            for scenario in self.suite.scenarios
            if variant.expects in scenario.proves and set(scenario.needs) <= set(has)
        ]
        shortest = sorted(proving, key=lambda scenario: len(scenario.given) * 4 + len(scenario.steps))
        return [scenario.id for scenario in shortest[:_ENOUGH]] or [variant.expects]


class _Usual:
    """The stand that one worker reuses; it is replaced once it is no longer as new."""

    def __init__(self, kept: contextlib.AsyncExitStack) -> None:
        self._kept = kept
        self._stand: Stand | None = None

    async def stand(self) -> Stand:
        """Raises NotStarted."""
        if self._stand is None or not await self._stand.is_as_new():
            self._stand = None
            await self._kept.aclose()
            self._stand = await self._kept.enter_async_context(stand())
        return self._stand


def _target(port: int, variant: Variant) -> Target:
    return replace(local_target(port), transport=variant.over, acknowledge=variant.acknowledge)


def _started(chosen: Plan, target: Target) -> RunStarted:
    profiles = tuple(dict.fromkeys(play.scenario.profile for play in chosen.plays))
    info = TargetInfo("refswitch", VERSION, target.base_url_hash, has=target.has)
    suite = SuiteInfo("callproof", VERSION, "")
    return RunStarted("selftest", "1970-01-01T00:00:00+00:00", suite, info, profiles)


def _seen(events: Sequence[Event], catalogue: Catalogue) -> Iterator[Seen]:
    scenario = ""
    for event in events:
        if isinstance(event, ScenarioStarted):
            scenario = event.id
        elif isinstance(event, CheckDone):
            accepts = catalogue[event.requirement].accepts
            used = next((reading.id for reading in accepts if reading.text == event.reading), "")
            yield Seen(scenario, event.requirement, event.verdict, event.code, event.message, used)


def _why_stopped(events: Sequence[Event]) -> str:
    ended = events[-1] if events else None
    if not isinstance(ended, RunEnded):
        return "the run was cut short"
    return "" if ended.complete else ended.stopped


def _profiles(document: Mapping[str, Json]) -> dict[str, str]:
    profiles = cast(Sequence[Mapping[str, str]], document["profiles"])
    return {profile["name"]: profile["verdict"] for profile in profiles}
