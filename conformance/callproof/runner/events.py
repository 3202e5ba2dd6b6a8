"""The events of a run: frozen values that the runner yields in the order in which things happen.

A run is RunStarted, then for each scenario either ScenarioLeftOut or ScenarioStarted, any number of CheckDone and ScenarioEnded, then
CleanupDone and RunEnded. Callers may rely on that order; a run without RunEnded was cut short. The result document, the progress lines
and every report are made from these events and from the transcript.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from callproof.json_values import Json
from callproof.judge.checks import CheckDone


@dataclass(frozen=True)
class SuiteInfo:
    """The suite that judged. `commit` is "unknown" if that is uncertain, and ends with -dirty if files had been changed."""

    name: str
    version: str
    commit: str
    contract_version: str = ""


@dataclass(frozen=True)
class TargetInfo:
    """The server that was judged. `has` names what requirements may depend on and the target file offers: `number:nonexistent`,
    `claim:...`, `auth:basic`. The address is kept only as a hash."""

    product: str
    version: str
    base_url_hash: str
    vendor: str = ""
    has: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunStarted:
    """`started` is UTC in ISO 8601. `profiles` are those to be judged. `options` may hold `strict`."""

    id: str
    started: str
    suite: SuiteInfo
    target: TargetInfo
    profiles: tuple[str, ...]
    seed: int = 0
    options: Mapping[str, Json] = field(default_factory=dict)
    environment: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class ScenarioStarted:
    """A scenario starts. `proves` are the requirements that it yields checks for if all goes well."""

    id: str
    title: str
    profile: str
    proves: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScenarioLeftOut:
    """A scenario that this run does not play, with the reason in words."""

    id: str
    title: str
    profile: str
    reason: str
    proves: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScenarioEnded:
    """A scenario and its teardown are over. `first_entry` and `last_entry` bound its part of the transcript, both included;
    empty if it has none. `flow` is the call flow in words, one step per line."""

    id: str
    duration_ms: int
    set_up_by: str = ""
    flow: str = ""
    first_entry: str = ""
    last_entry: str = ""


@dataclass(frozen=True)
class CleanupDone:
    """`left` has a line for every call of the run that may still be up."""

    complete: bool
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunEnded:
    """The run is over. `complete` is false if something planned was not played; `stopped` says why in words.
    `failed` says why the suite itself failed, if it could not write a file. `transports` are those that the agents' sessions really
    used, `waits` what was waited at most, and why."""

    ended: str
    complete: bool = True
    interrupted: bool = False
    stopped: str = ""
    failed: str = ""
    delays_ms: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    foreign_traffic: Mapping[str, int] = field(default_factory=dict)
    transports: tuple[str, ...] = ()
    waits: Mapping[str, Json] = field(default_factory=dict)


Event: TypeAlias = (
    RunStarted | ScenarioStarted | ScenarioLeftOut | CheckDone | ScenarioEnded | CleanupDone | RunEnded
)
