"""What a requirement accepts is what the judge accepts, with the words and the verdict of the reading, and nothing else is."""

from __future__ import annotations

import pytest

from callproof.catalogue.planning import Play, Round
from callproof.catalogue.scenario import Ask, LegRule, NothingElse, Reading, Scenario
from callproof.json_values import Json
from callproof.judge.along_legs import judge_legs
from callproof.judge.claims import together
from callproof.judge.extras import judge_nothing_else
from callproof.judge.findings import About, AcceptedReading, Met, Unmet
from callproof.judge.legs import Legs
from callproof.judge.notification import Notification
from callproof.judge.played import PlayedScenario, PlayedStep, Refusal, Reply
from callproof.judge.predicates import NO_SCOPE
from callproof.judge.steps import judge_stimulus

LATER = Reading("by-notification", "an ErrorMessage follows", "pass", rule="refused by notification")
AGAIN = Reading("told-again", "told again", "info", rule="told again")


def refused(how: Refusal, *readings: Reading) -> Met | Unmet:
    """What is found when an operation that must be refused was refused in this way, by a requirement with these readings."""
    step = Ask(
        "alice",
        ("OPS-HOLD-003",),
        operation="Hold",
        on="talk",
        accepted=False,
        by_rule={("OPS-HOLD-003", reading.rule): reading for reading in readings},
    )
    played = PlayedStep(Round(step), reply=Reply({"body": {"statusCode": 0}}), refusal=how)
    (found,) = judge_stimulus(played, twin_succeeded=True)
    assert isinstance(found, Met | Unmet)
    return found


def test_a_refusal_at_once_needs_no_reading() -> None:
    found = refused("at once")
    assert isinstance(found, Met)
    assert found.reading is None


def test_a_refusal_by_notification_is_accepted_where_the_requirement_lists_it() -> None:
    found = refused("by notification", LATER)
    assert isinstance(found, Met)
    assert found.reading == AcceptedReading(because="an ErrorMessage follows", verdict="pass")


@pytest.mark.parametrize("how", ["by notification", "by release"])
def test_a_refusal_in_a_way_that_no_reading_accepts_is_a_violation(how: Refusal) -> None:
    other = Reading("another", "something else", "pass", rule="refused by letter")
    found = refused(how, other)
    assert isinstance(found, Unmet)
    assert (found.code, found.message) == (
        "accepted-but-should-refuse",
        f"accepted, and only then refused {how}",
    )


def told(position: int, *capabilities: str) -> Notification:
    call: dict[str, Json] = {"id": "A", "state": "Held", "participants": [], "capabilities": [*capabilities]}
    return Notification(
        "alice", position, {"channel": "/v2/me/calls", "data": {"call": call}}, evidence=f"e{position}"
    )


def nothing_else(*readings: Reading) -> Met | Unmet:
    """What is found of `nothing else` when a held call was expected once and told again with another offer."""
    step = NothingElse(
        "",
        ("ORD-EXTRA-001",),
        agents=("alice",),
        by_rule={("ORD-EXTRA-001", each.rule): each for each in readings},
    )
    log = (told(0, "Retrieve"), told(1, "Retrieve", "Hangup"))
    legs = Legs({("alice", "talk"): "A"}, frozenset({("alice", "A")}))
    asked = PlayedStep(Round(None), {"alice": 0}, answers=((log[0],),), legs=legs)
    scenario = PlayedScenario(
        Play(Scenario("a/b", "Alice holds", "http", (), ()), (), (), (step,)),
        (asked,), {"alice": log}, legs, NO_SCOPE, earlier={"alice": 0}, teardown={"alice": 2}, sessions={},
    )  # fmt: skip
    (found,) = judge_nothing_else(step, scenario)
    assert isinstance(found, Met | Unmet)
    return found


def test_a_call_that_is_told_again_is_accepted_where_the_requirement_lists_it() -> None:
    found = nothing_else(AGAIN)
    assert isinstance(found, Met)
    assert found.reading == AcceptedReading(because="told again", verdict="info")


def test_a_call_that_is_told_again_is_too_much_where_the_requirement_does_not_list_it() -> None:
    found = nothing_else()
    assert isinstance(found, Unmet)
    assert (found.code, found.about.evidence) == ("unexpected-event", ("e1",))


def told_by(kind: str, participants: int, *readings: Reading) -> Met | Unmet:
    """What is found when a talking call becomes a held one by a notification of this kind, with so many participants instead of one."""

    def heard(position: int, state: str, kind: str, count: int) -> Notification:
        shown: list[Json] = [{"phoneNumber": str(number)} for number in range(count)]
        data: dict[str, Json] = {
            "notificationType": kind,
            "call": {"id": "A", "state": state, "participants": shown},
        }
        return Notification("alice", position, {"data": data}, evidence=f"e{position}")

    rule = LegRule(
        "new state by",
        "StatusChange",
        ("NTF-ENV-003",),
        by_rule={("NTF-ENV-003", each.rule): each for each in readings},
    )
    log = (heard(0, "Established", "StatusChange", 1), heard(1, "Held", kind, participants))
    legs = Legs({("alice", "talk"): "A"}, frozenset({("alice", "A")}))
    scenario = PlayedScenario(
        Play(Scenario("a/b", "Alice holds", "http", (), ()), (), (), ()),
        (), {"alice": log}, legs, NO_SCOPE, earlier={"alice": 0}, teardown={"alice": 2}, sessions={},
    )  # fmt: skip
    (found,) = judge_legs(scenario, (rule,))
    assert isinstance(found, Met | Unmet)
    return found


def test_a_new_state_told_with_new_participants_is_accepted_where_the_requirement_lists_it() -> None:
    together_with = Reading(
        "with-new-participants", "both at once", "pass", rule="new state with new participants"
    )
    found = told_by("ParticipantsUpdated", 2, together_with)
    assert isinstance(found, Met)
    assert found.reading == AcceptedReading(because="both at once", verdict="pass")
    assert isinstance(told_by("ParticipantsUpdated", 2), Unmet)
    assert isinstance(told_by("ParticipantsUpdated", 1, together_with), Unmet)
    plain = told_by("StatusChange", 2, together_with)
    assert isinstance(plain, Met)
    assert plain.reading is None


def test_of_many_answers_the_one_met_by_the_reading_with_the_worst_verdict_is_told() -> None:
    def met(reading: AcceptedReading | None, entry: str) -> Met:
        return Met(
            requirement="HTTP-X-001", about=About(expected="status 200", evidence=(entry,)), reading=reading
        )

    warned, passed = (AcceptedReading(because=verdict, verdict=verdict) for verdict in ("warn", "pass"))
    (found,) = together([met(None, "t1"), met(passed, "t2"), met(warned, "t3")])
    assert isinstance(found, Met)
    assert (found.reading, found.about.evidence) == (warned, ("t1", "t2", "t3"))
