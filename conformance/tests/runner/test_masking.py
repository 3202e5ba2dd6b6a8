"""No event leaves the runner with a secret in it, and what is long is cut only after the secrets in it were masked."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from callproof.judge.checks import CheckDone
from callproof.judge.findings import Difference, NearMiss
from callproof.redaction import Redactor
from callproof.runner import events
from callproof.runner.events import CleanupDone, Event, RunEnded, ScenarioLeftOut
from callproof.runner.masking import masked, redactor_for
from callproof.shortening import to_show
from callproof.target.target import Agent, Target

SECRET = "correct horse battery"
REDACTOR = Redactor([SECRET])
#: The fields that hold the suite's own words and numbers only; every other field of text is masked.
OURS = {
    "RunStarted": {"id", "started", "suite", "target", "profiles", "seed", "options", "environment"},
    "ScenarioStarted": {"id", "title", "profile", "proves"},
    "ScenarioLeftOut": {"id", "title", "profile", "proves"},
    "CheckDone": {
        "check",
        "requirement",
        "verdict",
        "code",
        "evidence",
        "strength",
        "reading",
        "step",
        "place",
    },
    "ScenarioEnded": {"id", "duration_ms", "set_up_by", "flow", "first_entry", "last_entry"},
    "CleanupDone": {"complete"},
    "RunEnded": {"ended", "complete", "interrupted", "delays_ms", "foreign_traffic", "transports", "waits"},
}
TOLD: list[tuple[Event, Event]] = [
    (
        CheckDone(
            "a#b", "R", "fail", message=f"got {SECRET}", expected=f"not {SECRET}", got=SECRET, blocked_by=f"{SECRET}.",
            nearest=(NearMiss("t1", f"told {SECRET}", (Difference(f"x.{SECRET}", SECRET, f"a {SECRET}"),)),),
        ),
        CheckDone(
            "a#b", "R", "fail", message="got ***", expected="not ***", got="***", blocked_by="***.",
            nearest=(NearMiss("t1", "told ***", (Difference("x.***", "***", "a ***"),)),),
        ),
    ),
    (ScenarioLeftOut("a", "A", "http", f"no {SECRET}"), ScenarioLeftOut("a", "A", "http", "no ***")),
    (CleanupDone(False, (f"call {SECRET}",)), CleanupDone(False, ("call ***",))),
    (
        RunEnded("now", stopped=f"at {SECRET}", failed=f"in {SECRET}"),
        RunEnded("now", stopped="at ***", failed="in ***"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "expected"), TOLD, ids=lambda event: type(event).__name__)
def test_what_a_server_can_have_a_part_in_is_masked(told: Event, expected: Event) -> None:
    assert masked(told, REDACTOR) == expected


@pytest.mark.parametrize("kind", get_args(events.Event), ids=lambda kind: kind.__name__)
def test_every_field_is_masked_or_listed_as_the_suites_own(kind: type[Event]) -> None:
    ours = OURS[kind.__name__]
    examples = [told for told, _ in TOLD if isinstance(told, kind)]
    assert {field.name for field in fields(kind)} - ours == {
        field.name
        for told in examples
        for field in fields(told)
        if getattr(masked(told, REDACTOR), field.name) != getattr(told, field.name)
    }


@pytest.mark.parametrize("before", range(170, 201, 3))
def test_a_secret_that_a_cut_would_split_is_masked_as_a_whole(before: int) -> None:
    got = to_show("x" * before + SECRET + "y" * 300, 200, "...")
    check = masked(CheckDone("a#b", "R", "fail", message=f"m: got {got}; more", got=got), REDACTOR)
    assert isinstance(check, CheckDone)
    assert check.got == ("x" * before + "***" + "y" * 300)[:200] + "..."
    assert check.message == f"m: got {check.got}; more"


@pytest.mark.parametrize("before", range(1480, 1501, 4))
def test_a_message_is_cut_after_its_secrets_are_masked(before: int) -> None:
    check = masked(CheckDone("a#b", "R", "fail", message="x" * before + SECRET + "y" * 300), REDACTOR)
    assert isinstance(check, CheckDone)
    assert check.message == ("x" * before + "***" + "y" * 300)[:1500] + " ..."


def test_numbers_and_the_agents_names_stay_readable_and_a_password_does_not() -> None:
    agent = Agent("bob", "15001", "bob", "hunter22", also_seen_as=("+4915001",))
    target = Target("p", "http://h/api/v2", "http://h/n", {"bob": agent}, numbers={"busy": "70100"})
    assert (
        redactor_for(target).text("bob +4915001 15001 70100 hunter22 Ym9iOmh1bnRlcjIy")
        == "bob +4915001 15001 70100 *** ***"
    )
