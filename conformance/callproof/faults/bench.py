"""Puts variants to the test: each with a reference server of its own behind a faulty line, and the suite in front of it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import cast

import httpx
import uvicorn

from callproof import VERSION
from callproof.catalogue import Catalogue
from callproof.embedded import NotStarted, embedded_server, local_target
from callproof.events import CheckDone, Event, RunEnded, RunStarted, ScenarioStarted, SuiteInfo, TargetInfo
from callproof.loading import Suite
from callproof.model import Json
from callproof.planning import NothingSelected, Plan, plan
from callproof.result import build
from callproof.runner import NotReady, Outside, Runner
from callproof.schemas import Schemas
from callproof.target import Target

from .line import Line
from .matrix import Seen, Trial
from .model import Variant
from .proxy import Proxy
from .table import NoSuchRow, copy_contract

__all__ = ["SOUND", "Bench"]

#: The reference server behind a line that does nothing: what every variant is compared with.
SOUND = Variant("sound", "legal", "The reference server as it is")
#: Numbers of the reference server that scenarios ask for.
_NUMBERS = {"nonexistent": "70102", "busy": "70100", "unanswered": "70000"}
#: Where to look for what every scenario of a profile proves unasked.
_UNASKED = {
    "http": ("http/*",),
    "notify": ("notify/*",),
    "initiate-conference": ("initiate-conference/holds-then-dials", "initiate-conference/two-party-call"),
}
_LONGEST_S = 240.0
_POLL_S = "10"  # a session that a faulty server keeps alive is waited for no longer than this


@dataclass(frozen=True)
class Bench:
    """All that trials have in common. `trial` may run several times at once: nothing is shared but this."""

    suite: Suite
    catalogue: Catalogue
    schemas: Schemas
    contract: Path
    event_timeout_s: float = 3.0

    async def trial(self, variant: Variant) -> Trial:
        """Run the suite against the variant once. What keeps the run from ending is told in the trial, never raised."""
        began = asyncio.get_running_loop().time()
        line = Line(variant)
        try:
            async with asyncio.timeout(_LONGEST_S):
                chosen = self._plan(variant)
                trial = await self._played(variant, line, chosen)
        except TimeoutError:
            trial = Trial(variant, stopped=f"it took longer than {_LONGEST_S:g} s")
        except NothingSelected as problem:
            trial = Trial(variant, stopped=str(problem))
        except (NotReady, NotStarted, NoSuchRow) as problem:
            trial = Trial(variant, stopped=str(problem))
        return replace(trial, triggers=line.triggers, seconds=asyncio.get_running_loop().time() - began)

    async def sound(self) -> Trial:
        """Run the whole suite against the reference server behind a line that does nothing."""
        return await self.trial(SOUND)

    async def trials(
        self, variants: Sequence[Variant], at_once: int, done: Callable[[Trial], None]
    ) -> list[Trial]:
        """Try all of them, so many at once; tell each as it is done, return them in their order."""
        free = asyncio.Semaphore(at_once)

        async def one(variant: Variant) -> Trial:
            async with free:
                task = asyncio.create_task(self.trial(variant))
                await asyncio.wait({task})
            mishap = task.exception()
            trial = Trial(variant, stopped=f"the suite misbehaved: {mishap!r}") if mishap else task.result()
            done(trial)
            return trial

        return list(await asyncio.gather(*(one(variant) for variant in variants)))

    async def _played(self, variant: Variant, line: Line, chosen: Plan) -> Trial:
        with contextlib.ExitStack() as stack:
            listener = stack.enter_context(_listener())
            port = listener.getsockname()[1]
            arguments = ["--public-base", f"http://127.0.0.1:{port}", "--poll-timeout", _POLL_S]
            if variant.table:
                directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="callproof-")))
                copy_contract(self.contract, variant.table, directory)
                arguments += ["--contract", str(directory)]
            async with embedded_server(arguments) as behind, _serving(line, behind, listener) as proxy:
                target = replace(local_target(port, _NUMBERS), event_timeout_s=self.event_timeout_s)
                events = await _run(
                    chosen, Outside(target, self.schemas, {r.id: r.level for r in self.catalogue})
                )
                stopped = (
                    "the server behind the fault layer did not answer" if proxy.lost else _why_stopped(events)
                )
        document = build(events, self.catalogue)
        return Trial(variant, tuple(_seen(events)), stopped=stopped, profiles=_profiles(document))

    def _plan(self, variant: Variant) -> Plan:
        """What the variant needs played: what it names, or what proves the requirement; a legal one everything."""
        select: Collection[str] = variant.scenarios or ([variant.expects] if variant.expects else [])
        if not variant.scenarios and variant.expects in self.suite.unasked.proves:
            select = _UNASKED[self.catalogue[variant.expects].profiles[-1]]
        has = (*(f"number {name}" for name in _NUMBERS), *(f"number:{name}" for name in _NUMBERS))
        return plan(self.suite.scenarios, self.suite.flows, self.suite.unasked, select=select, has=has)


async def _run(chosen: Plan, outside: Outside) -> list[Event]:
    profiles = tuple(dict.fromkeys(play.scenario.profile for play in chosen.plays))
    info = TargetInfo("refswitch", VERSION, outside.target.base_url_hash, has=outside.target.has)
    started = RunStarted(
        "selftest", "1970-01-01T00:00:00+00:00", SuiteInfo("callproof", VERSION, ""), info, profiles
    )
    return [event async for event in Runner(chosen, outside, started).events()]


def _seen(events: Sequence[Event]) -> Iterator[Seen]:
    scenario = ""
    for event in events:
        if isinstance(event, ScenarioStarted):
            scenario = event.id
        elif isinstance(event, CheckDone):
            yield Seen(scenario, event.requirement, event.verdict, event.code, event.message)


def _why_stopped(events: Sequence[Event]) -> str:
    ended = events[-1] if events else None
    if not isinstance(ended, RunEnded):
        return "the run was cut short"
    return "" if ended.complete else ended.stopped


def _profiles(document: Mapping[str, Json]) -> dict[str, str]:
    profiles = cast(Sequence[Mapping[str, str]], document["profiles"])
    return {profile["name"]: profile["verdict"] for profile in profiles}


@contextlib.contextmanager
def _listener() -> Iterator[socket.socket]:
    """A port of this machine, taken before anybody is told of it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener


@contextlib.asynccontextmanager
async def _serving(line: Line, behind: Target, listener: socket.socket) -> AsyncIterator[Proxy]:
    base = behind.base_url.removesuffix("/api/v2")
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=base, timeout=60.0, limits=limits, trust_env=False) as client:
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # cookies are the clients' own
        proxy = Proxy(line, client)
        server = _Server(
            uvicorn.Config(
                proxy, lifespan="off", log_config=None, access_log=False, server_header=False, date_header=False,
                timeout_keep_alive=75, timeout_graceful_shutdown=1,
            )
        )  # fmt: skip
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield proxy
        finally:
            server.should_exit = True
            await asyncio.wait({serving}, timeout=5)
            serving.cancel()
            await proxy.close()


class _Server(uvicorn.Server):
    """One of several in a process: signals are the command's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
