"""A run from its first event to its last, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from callproof.json_values import Json
from callproof.judge.checks import CheckDone
from callproof.runner.agent_sessions import Request
from callproof.runner.events import (
    CleanupDone,
    RunEnded,
    RunStarted,
    ScenarioEnded,
    ScenarioLeftOut,
    ScenarioStarted,
)
from callproof.runner.runner import NotReady
from conformance.tests.performing import TARGET, checks, events, runner, scenario, suite, wrong
from conformance.tests.switchboard import Leg, Switchboard, Told, state_of, with_call

HOLDS = "initiate-conference/holds-then-dials"


def test_an_honest_switch_earns_no_complaint() -> None:
    assert wrong(checks(Switchboard())) == {}


def test_a_run_tells_start_scenario_checks_end_cleanup_end_in_this_order() -> None:
    kinds = [type(event) for event in events(Switchboard(), select=[HOLDS])]

    assert list(dict.fromkeys(kinds)) == [
        RunStarted,
        ScenarioStarted,
        CheckDone,
        ScenarioEnded,
        CleanupDone,
        RunEnded,
    ]


def test_after_a_scenario_no_own_call_is_up() -> None:
    switch = Switchboard()

    told = events(switch, select=["initiate-conference/refusals"])

    assert [leg for leg in switch.legs if leg.state != "Released"] == []
    assert CleanupDone(True, ()) in told


def test_a_refused_operation_blocks_what_depends_on_it_and_names_the_cause() -> None:
    done = checks(Switchboard(refuse={"InitiateConference": 2}))

    first = next(check for check in done if check.requirement == "OPS-INITCONF-001")
    then = next(check for check in done if check.requirement == "OPS-INITCONF-003")
    assert (first.verdict, first.code) == ("fail", "refused-but-should-accept")
    assert then.verdict == "blocked"
    assert then.blocked_by == "alice asks for InitiateConference on talk to carol: was refused at once"


def test_an_operation_without_an_answer_is_nobodys_fault() -> None:
    done = checks(Switchboard(unanswered=frozenset({"InitiateConference"})))

    assert {check.verdict for check in done if check.requirement == "OPS-INITCONF-001"} == {"inconclusive"}


def test_a_missing_notification_on_a_dead_session_proves_nothing() -> None:
    def without_held(told: Sequence[Told]) -> Sequence[Told]:
        return [each for each in told if state_of(each) != "Held"]

    assert wrong(checks(Switchboard(without_held)))["OPS-INITCONF-002"] == "fail missing-event"
    assert (
        wrong(checks(Switchboard(without_held, alive=False)))["OPS-INITCONF-002"]
        == "inconclusive missing-event"
    )


def test_a_refusal_proves_nothing_when_its_twin_is_refused_as_well() -> None:
    done = checks(Switchboard(refuse={"CompleteConference": 2}))

    assert wrong(done)["OPS-COMPCONF-008"].startswith("inconclusive")
    assert wrong(done)["OPS-COMPCONF-001"] == "fail refused-but-should-accept"


def test_what_should_be_refused_and_is_accepted_fails() -> None:
    class Generous(Switchboard):
        def _hold(self, leg: object, number: str) -> bool:
            return True

    done = checks(Generous(), "initiate-conference/two-party-call")

    assert wrong(done)["OPS-HOLD-002"] == "fail missing-event"


def test_a_run_does_not_begin_while_an_agent_has_a_call() -> None:
    switch = Switchboard()
    body: Json = {"operationName": "Dial", "destination": {"phoneNumber": "15001"}}
    asyncio.run(switch.request("alice", Request("POST", "/me/devices/device-alice/calls", body)))

    with pytest.raises(NotReady, match="alice has a call"):
        events(switch, select=[HOLDS])


def test_nothing_is_dialled_that_the_target_does_not_name() -> None:
    stranger = scenario("""
id: initiate-conference/stranger
title: Alice dials a number that nobody configured
profile: initiate-conference
steps:
  - alice asks: {operation: Dial, with: {destination: {phoneNumber: "112"}}}
    proves: OPS-DIAL-001
""")
    switch = Switchboard()

    told = events(switch, [stranger])

    assert [
        event.verdict
        for event in told
        if isinstance(event, CheckDone) and event.requirement == "OPS-DIAL-001"
    ] == ["error"]
    assert not [
        request
        for _, request in switch.requests
        if request.path.endswith("/calls") and request.method == "POST"
    ]


def test_a_request_of_ours_that_breaks_the_contract_accuses_the_suite() -> None:
    clumsy = scenario("""
id: initiate-conference/clumsy
title: Alice dials with a destination of the wrong kind
profile: initiate-conference
steps:
  - alice asks: {operation: Dial, with: {destination: 12}}
    proves: OPS-DIAL-001
""")

    done = [event for event in events(Switchboard(), [clumsy]) if isinstance(event, CheckDone)]

    assert [check.verdict for check in done if check.requirement == "OPS-DIAL-001"] == ["error"]


def test_three_scenarios_without_a_connection_end_the_run() -> None:
    chosen = ["initiate-conference/completed-*", HOLDS, "initiate-conference/refusals"]

    told = events(Switchboard(unanswered=frozenset({"Dial"})), select=chosen)

    ended = told[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.complete, ended.stopped) == (False, "3 scenarios in a row had no working connection")
    assert [event.reason for event in told if isinstance(event, ScenarioLeftOut)] == [ended.stopped] * 2


def test_the_limit_of_calls_stops_only_what_places_calls() -> None:
    quiet = scenario("""
id: initiate-conference/without-a-call
title: Alice asks who she is
profile: initiate-conference
steps:
  - alice sends: {method: GET, path: /me}
    answer: [{body.statusCode: 0, proves: HTTP-ENV-002}]
""")
    conferences = [each for each in suite().scenarios if each.id.startswith("initiate-conference/completed-")]

    told = events(Switchboard(), [*conferences, quiet], target=replace(TARGET, calls_total=1))

    reason = "limits.calls_total is 1, and that many calls have been requested"
    first, *others = sorted(each.id for each in conferences)
    assert [event.id for event in told if isinstance(event, ScenarioStarted)] == [first, quiet.id]
    assert [(event.id, event.reason) for event in told if isinstance(event, ScenarioLeftOut)] == [
        (other, reason) for other in others
    ]
    ended = told[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.complete, ended.stopped) == (False, reason)


def test_a_run_that_uses_up_its_calls_with_its_last_scenario_is_complete() -> None:
    told = events(Switchboard(), select=[HOLDS], target=replace(TARGET, calls_total=1))

    ended = told[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.complete, ended.stopped) == (True, "")


def test_an_interrupted_run_hangs_up_and_tells_its_end() -> None:
    switch = Switchboard()

    async def interrupted() -> list[object]:
        run = runner(switch, select=[HOLDS])
        told: list[object] = []
        async for event in run.events():
            told.append(event)
            if isinstance(event, ScenarioStarted):
                asyncio.get_running_loop().call_soon(run.interrupt)
        return told

    told = asyncio.run(interrupted())

    assert isinstance(told[-1], RunEnded)
    assert (told[-1].interrupted, told[-1].complete) == (True, False)
    assert [leg for leg in switch.legs if leg.state != "Released"] == []


# Other people ------------------------------------------------------------------------------------------------------------


def losing_the_held(told: Sequence[Told]) -> Sequence[Told]:
    """A server that never reports that a call is on hold."""
    return [each for each in told if state_of(each) != "Held"]


def test_beside_a_call_that_somebody_else_makes_nothing_counts_against_the_server() -> None:
    """The call is named, it is not ended by the run, and the run is undetermined instead of an accusation."""

    class Shared(Switchboard):
        def _initiate(self, leg: Leg, number: str) -> bool:
            self._dial("carol", "15000", "")
            return super()._initiate(leg, number)

    switch = Shared(losing_the_held)
    done = checks(switch)

    found = wrong(done)
    assert found["OPS-INITCONF-002"] == "inconclusive missing-event"
    assert found["ORD-EXTRA-001"].startswith("inconclusive")
    assert {check.verdict for check in done} <= {"pass", "inconclusive", "blocked", "not-applicable"}
    theirs = next(leg for leg in switch.legs if leg.agent == "carol" and leg.state == "Dialing")
    words = f"alice had a call that this run did not make ({theirs.id}, first Ringing, with carol)"
    (message,) = {check.message for check in done if check.requirement == "OPS-INITCONF-002"}
    assert words in message
    assert not [
        request
        for agent, request in switch.requests
        if theirs.id in request.path and request.method == "POST"
    ]


@pytest.mark.parametrize("ends", [False, True], ids=["goes on", "is withdrawn"])
def test_beside_a_preview_that_a_dialler_offers_nothing_counts_against_the_server(ends: bool) -> None:
    """It is offered to an agent of the run, for a party that the run calls too; the run leaves it alone."""

    class Dialling(Switchboard):
        def _initiate(self, leg: Leg, number: str) -> bool:
            preview = Leg("alice", "P" * 32, "Preview", ["carol"], "15002")
            self.legs.append(preview)
            self._tell(preview)
            if ends:
                preview.state = "PreviewCancelled"
                self._tell(preview)
                self.legs.remove(preview)
            return super()._initiate(leg, number)

    switch = Dialling(losing_the_held)
    done = checks(switch)

    assert wrong(done)["OPS-INITCONF-002"] == "inconclusive missing-event"
    assert {check.verdict for check in done} <= {"pass", "inconclusive", "blocked", "not-applicable"}
    (message,) = {check.message for check in done if check.requirement == "OPS-INITCONF-002"}
    assert f"alice had a call that this run did not make ({'P' * 32}, first Preview, with carol)" in message
    posted = [request for _, request in switch.requests if request.method == "POST"]
    assert not [request for request in posted if "P" * 32 in request.path]


def test_a_call_that_the_server_does_not_have_is_its_own_invention() -> None:
    def inventing(told: Sequence[Told]) -> Sequence[Told]:
        invented = [
            replace(with_call(each, id="Z" * 32, callUuid="Z" * 32, connId="Z", state="Ringing"), after=0.011)
            for each in told
            if state_of(each) == "Held"
        ]
        return [*told, *invented]

    assert wrong(checks(Switchboard(inventing)))["ORD-EXTRA-001"] == "fail unexpected-event"


def test_a_run_that_cannot_end_its_calls_dials_no_more() -> None:
    class Sticky(Switchboard):
        def _hang_up(self, leg: Leg, number: str) -> bool:
            return False

    chosen = ["initiate-conference/completed-*", HOLDS]
    switch = Sticky()

    told = events(switch, select=chosen)

    reason = "the run dials no more, because it could not end its calls"
    started = [event.id for event in told if isinstance(event, ScenarioStarted)]
    assert len(started) == 1
    assert {event.reason for event in told if isinstance(event, ScenarioLeftOut)} == {reason}
    ended = told[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.complete, ended.stopped) == (False, reason)
    (cleanup,) = [event for event in told if isinstance(event, CleanupDone)]
    assert not cleanup.complete
    assert {leg.id in " ".join(cleanup.left) for leg in switch.legs if leg.state != "Released"} == {True}
