"""The frozen values of the fault bench: what a variant of the server is, and what one of its rules says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from callproof.bayeux import LONG_POLLING
from callproof.json_values import Json

from .members import NO_EDIT, Edit, Test

#: The seats of the reference server; each logs in with its number as name and as password.
NUMBERS: Mapping[str, str] = {"alice": "15000", "bob": "15001", "carol": "15002"}
AGENTS: Mapping[str, str] = {number: name for name, number in NUMBERS.items()}


@dataclass(frozen=True)
class Match:
    """What a rule applies to. Empty members are ignored.

    `leg` is the state last delivered to the agent of the call that a request names, `foreign` for another agent's call, or `unknown`.
    `after` is the latest operation that any agent requested. `nth` counts, from 1, what the other members match.
    """

    agent: str = ""
    method: str = ""
    path: re.Pattern[str] | None = None
    operation: str = ""
    code: str | tuple[int, ...] = ""
    login: str = ""
    leg: str = ""
    after: str = ""
    channel: str = ""
    subscription: str = ""
    held: bool | None = None
    waited: bool | None = None
    members: tuple[Test, ...] = ()
    asked: tuple[Test, ...] = ()
    nth: tuple[int, ...] = ()


ANYTHING = Match()


@dataclass(frozen=True)
class OwnAnswer:
    """An HTTP answer that the fault layer gives itself."""

    status: int
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Rule:
    """One rule. `on` says what it applies to: a request, an answer, a Bayeux message or reply, a notification, a delivery.

    A rule without an effect only counts that a changed table took effect.
    """

    on: str
    match: Match = ANYTHING
    edit: Edit = NO_EDIT
    drop: bool = False
    times: int = 1
    delay: float = 0.0
    behind_next: bool = False
    also_to: tuple[str, ...] = ()
    instead_to: str = ""
    subscribed: str = ""
    adds: tuple[tuple[float, Edit], ...] = ()
    status: int = 0
    content_type: str = ""
    headers: Mapping[str, str | None] = field(default_factory=dict)
    text: str | None = None
    answers: OwnAnswer | None = None
    reply: Mapping[str, Json] | None = None
    publishes: bool = False
    sent_as: str = ""
    gather: float = 0.0
    one_by_one: bool = False
    replies_first: bool = False
    function: str = ""


@dataclass(frozen=True)
class TableChange:
    """One change to the call model: to an existing row, or a row to add to `operations` or `network`."""

    row: str = ""
    edit: Edit = NO_EDIT
    removes: bool = False
    adds: Mapping[str, Json] = field(default_factory=dict)
    to: str = "operations"


@dataclass(frozen=True)
class Variant:
    """A server that differs from the reference server in one respect.

    A faulty one `expects` the requirement that must turn red, with one of `codes` if there are any. A legal one expects nothing, must stay
    green, and must use every reading that it `needs`, written as requirement, slash, reading. Without `scenarios`, those that prove the
    requirement are played. The suite listens `over` this transport, and acknowledges or not.
    """

    name: str
    area: str
    title: str
    expects: str = ""
    needs: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    table: tuple[TableChange, ...] = ()
    ids: str = ""
    over: str = LONG_POLLING
    acknowledge: bool = False

    @property
    def is_legal(self) -> bool:
        return not self.expects

    @property
    def is_sound(self) -> bool:
        """Whether it is the unchanged reference server."""
        return not (self.rules or self.ids)

    @property
    def listening(self) -> tuple[str, bool]:
        """How the suite listens to it: over which transport, and whether it acknowledges."""
        return self.over, self.acknowledge
