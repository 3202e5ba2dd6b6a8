"""What may not change a verdict, and what must: deliveries are rearranged, and the verdicts compared as a whole.

Rearranging what nobody promised leaves every verdict as it was. Touching one consumed message turns the requirement red that speaks of
it, by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from callproof.json_values import Json
from callproof.judge.notification import Notification
from conformance.tests.performing import checks, wrong
from conformance.tests.switchboard import Switchboard, Told, honest, state_of, with_call

Meddling = Callable[[Sequence[Told]], Sequence[Told]]


def verdicts(meddling: Meddling, select: str = "initiate-conference/holds-then-dials") -> dict[str, str]:
    return {check.check: check.verdict for check in checks(Switchboard(meddling), select)}


def bob_first(told: Sequence[Told]) -> Sequence[Told]:
    """What one agent hears has no order beside what another hears."""
    return sorted(told, key=lambda each: -len(each.agent) if each.agent == "bob" else 0)


def each_by_itself(told: Sequence[Told]) -> Sequence[Told]:
    return [replace(each, after=0.01 + 0.2 * index) for index, each in enumerate(told)]


def slow(told: Sequence[Told]) -> Sequence[Told]:
    """Everything arrives just before patience ends."""
    return [replace(each, after=4.5) for each in told]


def unknown_members(told: Sequence[Told]) -> Sequence[Told]:
    """Servers send what no page shows, as real ones did with data.metrics."""
    return [
        replace(each, message={**each.message, "data": {**as_data(each), "trace": {"hops": 12}}})
        for each in told
    ]


def as_data(told: Told) -> dict[str, Json]:
    data = told.message["data"]
    assert isinstance(data, dict)
    return dict(data)


@pytest.mark.parametrize("meddling", [bob_first, each_by_itself, slow], ids=lambda each: each.__name__)
def test_what_nobody_promised_changes_no_verdict(meddling: Meddling) -> None:
    assert verdicts(meddling) == verdicts(honest)


def test_unknown_members_are_noted_and_change_nothing_else() -> None:
    changed = {
        name for name, verdict in verdicts(unknown_members).items() if verdicts(honest)[name] != verdict
    }

    assert {name.rpartition(" ")[2] for name in changed} == {"NTF-SCHEMA-002"}
    assert {verdicts(unknown_members)[name] for name in changed} == {"info"}


def test_a_strangers_call_changes_no_verdict_about_a_received_notification() -> None:
    switch = Switchboard()
    stranger = with_call(
        _ringing("alice"), id="9" * 32, participants=[{"phoneNumber": "0031000000"}], dnis="15000"
    )
    switch.say(replace(stranger, after=0.03))

    found = wrong(checks(switch))

    assert set(found.values()) <= {"inconclusive"}
    assert "OPS-INITCONF-002" not in found


def test_a_phantom_call_among_our_own_numbers_is_held_against_the_server() -> None:
    switch = Switchboard()
    switch.say(replace(with_call(_ringing("bob"), id="8" * 32), after=0.03))

    assert wrong(checks(switch))["ORD-EXTRA-001"] == "fail unexpected-event"


def _ringing(agent: str) -> Told:
    caught: list[Told] = []
    other = Switchboard(lambda told: caught.extend(told) or told)  # type: ignore[func-returns-value]  # extend returns nothing on purpose
    checks(other, "initiate-conference/while-ringing")
    return replace(next(each for each in caught if state_of(each) == "Ringing"), agent=agent)


def without(agent: str, state: str, notification: str = "StatusChange") -> Meddling:
    def meddle(told: Sequence[Told]) -> Sequence[Told]:
        def is_meant(each: Told) -> bool:
            heard = Notification(each.agent, 0, each.message)
            return (each.agent, heard.state, heard.notification_type) == (agent, state, notification)

        return [each for each in told if not is_meant(each)]

    return meddle


@pytest.mark.parametrize(
    ("agent", "state", "notification", "requirement"),
    [
        ("alice", "Held", "StatusChange", "OPS-INITCONF-002"),
        ("carol", "Established", "StatusChange", "OPS-ANSWER-002"),
        ("alice", "Released", "StatusChange", "OPS-COMPCONF-002"),
        ("alice", "Established", "ParticipantsUpdated", "OPS-COMPCONF-004"),
        ("bob", "Established", "ParticipantsUpdated", "OPS-COMPCONF-005"),
    ],
)
def test_a_consumed_message_that_is_removed_is_missed_by_name(
    agent: str, state: str, notification: str, requirement: str
) -> None:
    found = wrong(checks(Switchboard(without(agent, state, notification))))

    assert found[requirement].endswith("missing-event")


def test_a_new_call_without_a_notification_is_missed_by_name() -> None:
    def no_consult(told: Sequence[Told]) -> Sequence[Told]:
        return [each for each in told if not (each.agent == "alice" and "parentCallUri" in str(each.message))]

    assert wrong(checks(Switchboard(no_consult)))["OPS-INITCONF-003"] == "fail missing-event"


def test_hold_and_dial_the_other_way_round_break_the_stated_order_and_nothing_else() -> None:
    def swapped(told: Sequence[Told]) -> Sequence[Told]:
        return sorted(told, key=lambda each: state_of(each) == "Held")

    assert wrong(checks(Switchboard(swapped))) == {"ORD-INITCONF-001": "fail wrong-order"}


def test_legs_of_one_call_may_have_different_ids() -> None:
    assert wrong(checks(Switchboard(separate_ids=True))) == {}


def test_two_states_of_one_call_the_other_way_round_break_its_order() -> None:
    held: list[Told] = []

    def swapped(told: Sequence[Told]) -> Sequence[Told]:
        """Carol receives Ringing only after Established, and never without it."""
        ringing = [each for each in told if each.agent == "carol" and state_of(each) == "Ringing"]
        held.extend(ringing)
        answered = any(each.agent == "carol" and state_of(each) == "Established" for each in told)
        return [*(each for each in told if each not in ringing), *(held if answered else [])]

    assert wrong(checks(Switchboard(swapped)))["OPS-INITCONF-005"] == "fail missing-event"


def test_a_message_about_another_id_is_no_message_about_this_call() -> None:
    def renamed(told: Sequence[Told]) -> Sequence[Told]:
        return [with_call(each, id="7" * 32) if state_of(each) == "Held" else each for each in told]

    found = wrong(checks(Switchboard(renamed)))

    assert found["OPS-INITCONF-002"] == "fail missing-event"
    assert found["CALL-ID-001"] == "fail wrong-member"


def test_a_second_copy_is_a_duplicate_and_no_extra() -> None:
    def doubled(told: Sequence[Told]) -> Sequence[Told]:
        return [copy for each in told for copy in ((each, each) if state_of(each) == "Held" else (each,))]

    assert wrong(checks(Switchboard(doubled))) == {"ORD-ONCE-001": "fail duplicate"}


def test_a_message_behind_the_barrier_is_missed_not_matched() -> None:
    def much_later(told: Sequence[Told]) -> Sequence[Told]:
        return [replace(each, after=60.0) if state_of(each) == "Held" else each for each in told]

    assert wrong(checks(Switchboard(much_later)))["OPS-INITCONF-002"] == "fail missing-event"


def test_a_message_that_comes_after_patience_ended_is_late_and_proves_nothing() -> None:
    def a_little_later(told: Sequence[Told]) -> Sequence[Told]:
        return [replace(each, after=5.001) if state_of(each) == "Held" else each for each in told]

    found = wrong(checks(Switchboard(a_little_later)))

    assert found["OPS-INITCONF-002"] == "inconclusive late"


def test_an_unexpected_state_is_an_extra() -> None:
    def flapping(told: Sequence[Told]) -> Sequence[Told]:
        extra = [
            with_call(each, state="Established", duration="77") for each in told if state_of(each) == "Held"
        ]
        return [*told, *extra]

    assert wrong(checks(Switchboard(flapping)))["ORD-EXTRA-001"] == "fail unexpected-event"


def test_repeated_capabilities_are_not_an_extra_notification() -> None:
    def refreshed(told: Sequence[Told]) -> Sequence[Told]:
        again = [with_call(e, capabilities=["SwapCalls", "Hangup"]) for e in told if state_of(e) == "Held"]
        return [*told, *again]

    assert "ORD-EXTRA-001" not in wrong(checks(Switchboard(refreshed)))


def test_a_wrong_member_is_reported_with_the_expected_and_the_received_value() -> None:
    def wrong_type(told: Sequence[Told]) -> Sequence[Told]:
        return [
            with_call(each, callType="Internal") if "parentCallUri" in str(each.message) else each
            for each in told
        ]

    done = checks(Switchboard(wrong_type))

    check = next(each for each in done if each.requirement == "OPS-INITCONF-004")
    assert (check.verdict, check.code, check.expected, check.got) == (
        "fail",
        "wrong-member",
        "call.callType is Consult",
        "call.callType: Internal",
    )
