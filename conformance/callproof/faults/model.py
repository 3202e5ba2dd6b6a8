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
    """What a rule looks at. What is empty is not looked at.

    `leg` is the state last told to the agent of the call that a request names, or `foreign` for a call of somebody else, or `unknown`.
    `after` is the operation that was asked for last, by whomever. `nth` counts what matched otherwise, from 1.
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
    """An HTTP answer that the fault layer gives by itself."""

    status: int
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Rule:
    """One rule. `on` says what it looks at: a request, an answer, a Bayeux message or reply, a notification, a delivery.

    A rule without any effect only counts: it tells that a changed table was made use of.
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
    """One change to the call model: of a row that there is, or a row to add to `operations` or `network`."""

    row: str = ""
    edit: Edit = NO_EDIT
    removes: bool = False
    adds: Mapping[str, Json] = field(default_factory=dict)
    to: str = "operations"


@dataclass(frozen=True)
class Variant:
    """A server that differs from the reference server in one respect.

    A faulty one `expects` the requirement that must turn red, with one of `codes` when there are any; a legal one expects nothing and
    must stay green, and must be seen to use every reading that it `needs`, written as requirement, slash, reading. `scenarios` are played,
    those that prove the requirement when there are none. The suite listens `over` this transport, and acknowledges or
    not.
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
        """Whether it is the reference server as it is."""
        return not (self.rules or self.ids)

    @property
    def listening(self) -> tuple[str, bool]:
        """How the suite listens to it: over which transport, and whether it acknowledges."""
        return self.over, self.acknowledge
