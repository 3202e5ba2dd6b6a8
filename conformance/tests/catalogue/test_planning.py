"""What a run will do, decided before it does anything."""

from __future__ import annotations

import pytest

from callproof.catalogue.planning import GENERATED, NothingSelected, plan, spell_out
from callproof.catalogue.scenario import Ask, Hear
from conformance.tests.performing import suite


def ids(**choice: object) -> list[str]:
    planned = plan(suite().scenarios, suite().flows, suite().unasked, **choice)  # type: ignore[arg-type]  # keywords of plan
    return [play.scenario.id for play in planned.plays]


def test_profiles_without_calls_come_first() -> None:
    profiles = [play.scenario.profile for play in plan(suite().scenarios, suite().flows).plays]

    assert list(dict.fromkeys(profiles)) == ["http", "notify", "initiate-conference"]


def test_a_profile_that_nothing_has_is_a_mistake_and_no_empty_run() -> None:
    with pytest.raises(NothingSelected, match="'htpp'"):
        ids(profiles=["htpp"])
    with pytest.raises(NothingSelected, match="'OPS-NOTHING-001'"):
        ids(select=["OPS-NOTHING-001"])


def test_a_requirement_selects_the_scenarios_that_prove_it() -> None:
    assert ids(select=["SEC-CALL-001"]) == ["initiate-conference/not-a-party"]
    assert ids(select=["http/l*"]) == ["http/login"]


def test_generated_bodies_go_with_the_http_profile() -> None:
    assert plan(suite().scenarios, suite().flows).generated
    assert plan(suite().scenarios, suite().flows, select=[GENERATED]).generated
    assert not plan(suite().scenarios, suite().flows, select=["http/login"]).generated
    assert not plan(suite().scenarios, suite().flows, profiles=["notify"]).generated


def test_what_cannot_be_played_is_left_out_with_the_reason() -> None:
    planned = plan(suite().scenarios, suite().flows)

    assert [(each.scenario.id, each.reason) for each in planned.left_out] == [
        ("notify/websocket", "the run does not listen with transport:websocket"),
        ("initiate-conference/acknowledged-beside", "the run does not listen with acknowledge:on"),
        ("initiate-conference/no-such-number", "the target file does not name number:nonexistent"),
    ]


def test_without_leave_to_call_only_silent_scenarios_are_played() -> None:
    planned = plan(suite().scenarios, suite().flows, may_call="the host is not confirmed")

    assert not planned.places_calls
    assert {each.reason for each in planned.left_out} >= {"the host is not confirmed"}


def test_a_given_flow_is_spelled_out_in_the_scenarios_own_names_and_proves_nothing() -> None:
    scenario = next(
        each for each in suite().scenarios if each.id == "initiate-conference/completed-on-parent"
    )
    play = spell_out(scenario, suite().flows)

    consulting = [each for each in play.rounds if each.given == "consult"]
    assert [each.stimulus.title for each in consulting if each.stimulus] == [
        "alice asks for InitiateConference on talk to carol",
        "carol asks for Answer on consult",
    ]
    first = consulting[0].stimulus
    assert isinstance(first, Ask)
    assert (first.on, first.to, first.proves) == ("talk", "carol", ())
    assert all(
        isinstance(hear, Hear) and hear.call in ("talk", "consult")
        for each in consulting
        for hear in each.hears
    )


def test_a_round_is_one_stimulus_and_all_that_follows_it() -> None:
    scenario = next(each for each in suite().scenarios if each.id == "initiate-conference/refusals")
    play = spell_out(scenario, suite().flows)

    last = play.rounds[-1]
    assert last.stimulus
    assert last.stimulus.title == "alice asks for InitiateConference on talk to carol"
    assert [hear.title for hear in last.hears] == [
        "alice hears that talk is Held",
        "alice hears that the new call consult is Dialing",
        "carol hears that the new call consult is Ringing",
    ]
