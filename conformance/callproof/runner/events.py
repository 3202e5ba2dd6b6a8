"""What a run tells while it goes: frozen values, yielded by the runner in the order in which things happened.

A run is RunStarted, then for each scenario either ScenarioLeftOut or ScenarioStarted, any number of CheckDone and ScenarioEnded, then
CleanupDone and RunEnded. Whoever listens may rely on that order; a run that lacks its RunEnded was cut short. The result document,
the progress lines and every report are made from these and from the transcript.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from callproof.json_values import Json
from callproof.judge.checks import CheckDone


@dataclass(frozen=True)
class SuiteInfo:
    """Which suite judged. `commit` may be empty where the suite was installed from a wheel."""

    name: str
    version: str
    commit: str
    contract_version: str = ""


@dataclass(frozen=True)
class TargetInfo:
    """Who was judged. `has` names what the target file offers of what requirements may depend on: `number:nonexistent`,
    `claim:...`, `auth:basic`. The address is kept as a hash only."""

    product: str
    version: str
    base_url_hash: str
    vendor: str = ""
    has: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunStarted:
    """`started` is UTC in ISO 8601. `profiles` are those that the run was asked to judge. `options` may hold `strict`."""

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
    """A scenario begins. `proves` are the requirements that it will emit checks for, if all goes well."""

    id: str
    title: str
    profile: str
    proves: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScenarioLeftOut:
    """A scenario that this run does not play, and why, in words."""

    id: str
    title: str
    profile: str
    reason: str
    proves: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScenarioEnded:
    """A scenario and its teardown are over. `first_entry` and `last_entry` bound its part of the transcript, both included;
    empty where it has none. `flow` is the call flow in words, one step a line."""

    id: str
    duration_ms: int
    set_up_by: str = ""
    flow: str = ""
    first_entry: str = ""
    last_entry: str = ""


@dataclass(frozen=True)
class CleanupDone:
    """`left` has a line for every call of ours that may still be up."""

    complete: bool
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunEnded:
    """The run is over. `complete` is false when something that was planned was not played; `stopped` says why in words.
    `transports` are those that the agents' sessions were really carried over."""

    ended: str
    complete: bool = True
    interrupted: bool = False
    stopped: str = ""
    delays_ms: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    foreign_traffic: Mapping[str, int] = field(default_factory=dict)
    transports: tuple[str, ...] = ()


Event: TypeAlias = (
    RunStarted | ScenarioStarted | ScenarioLeftOut | CheckDone | ScenarioEnded | CleanupDone | RunEnded
)
