"""Scenario files: what is read, and how a mistake in one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from callproof.catalogue.loading import BadScenario, Suite, parse, read_suite, unknown_requirements
from callproof.catalogue.requirement import read_catalogue
from callproof.catalogue.review import respects
from callproof.catalogue.scenario import AGENTS, Ask, Claim, Hear, Predicate, Reading, Scenario
from callproof.strict_yaml import Place

HEAD = """id: calls/example
title: Alice calls Bob and says nothing
profile: initiate-conference
"""


def problems(text: str) -> list[str]:
    with pytest.raises(BadScenario) as caught:
        parse(HEAD + text, "example.yaml")
    return [str(problem) for problem in caught.value.problems]


def reviewed(text: str, folder: Path) -> list[str]:
    (folder / "example.yaml").write_text(HEAD + text)
    with pytest.raises(BadScenario) as caught:
        read_suite(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_step_is_read_as_it_is_written() -> None:
    scenario = parse(
        HEAD
        + """steps:
  - alice asks: {operation: Dial, to: bob}
    proves: OPS-DIAL-001
  - alice hears: {new call: talk, state: Dialing}
    where:
      - call.callType: Internal
        proves: NTF-CALL-010
        or: [{call.callType: Outbound, verdict: warn, because: some switches say so}]
""",
        "example.yaml",
    )
    other = Reading((Predicate("call.callType", "is", "Outbound"),), "warn", "some switches say so")
    claim = Claim(
        ("NTF-CALL-010",),
        (Predicate("call.callType", "is", "Internal"),),
        (),
        (other,),
        Place("example.yaml", 9),
    )

    assert isinstance(scenario, Scenario)
    assert scenario.steps == (
        Ask("alice", ("OPS-DIAL-001",), "", Place("example.yaml", 5), operation="Dial", to="bob"),
        Hear(
            "alice", (), "", Place("example.yaml", 7), call="talk", new=True, state="Dialing", claims=(claim,)
        ),
    )


def test_on_is_a_word_and_no_boolean() -> None:
    scenario = parse(HEAD + "steps:\n  - alice asks: {operation: Hold, on: talk}\n", "example.yaml")

    assert isinstance(scenario, Scenario)
    assert isinstance(scenario.steps[0], Ask)
    assert scenario.steps[0].on == "talk"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "steps:\n  - alice hear: {call: talk}\n",
            "example.yaml:5: steps[0]: Additional properties are not allowed ('alice hear' was unexpected); did you mean alice hears?",
        ),
        (
            "steps:\n  - alice asks: {operation: Hold}\n    where: [{a: 1, proves: OPS-A-001}]\n",
            "example.yaml:6: `where` does not go with `alice asks`",
        ),
        ("steps:\n  - proves: OPS-A-001\n", "example.yaml:5: a step has one verb, this one has 0: none"),
        ("steps: [\n", "example.yaml:5: is not YAML: expected the node content, but found '<stream end>'"),
        (
            "steps:\n  - alice asks: {operation: Hold, operation: Hold}\n",
            "example.yaml:5: is not YAML: the key 'operation' is there twice",
        ),
    ],
    ids=["verb", "key", "no verb", "yaml", "twice"],
)
def test_a_mistake_is_told_with_its_line(text: str, told: str) -> None:
    assert told in problems(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "steps:\n  - alice asks: {operation: Hold, on: talk}\n",
            "example.yaml:5: nothing is known of a call 'talk' yet",
        ),
        (
            "given: {talk: {establishd: [alice, bob]}}\nsteps:\n  - alice reads: /me\n",
            "example.yaml:4: there is no given flow 'establishd'",
        ),
        (
            "steps:\n  - alice asks: {operation: Dial}\n    is: refused\n",
            "example.yaml:5: a refusal needs a twin: a step that differs in one respect and must succeed",
        ),
        (
            "steps:\n  - alice asks: {operation: Dial}\n    is: refused\n    twin: other\n"
            "  - bob asks: {operation: Dial, to: carol}\n    as: other\n",
            "example.yaml:5: differs from its twin in 2 respects: body.destination.phoneNumber, caller",
        ),
        (
            "steps:\n  - alice reads: /me\n    as: one\n  - order: {first: one, then: two}\n",
            "example.yaml:7: no step is named 'two'",
        ),
    ],
    ids=["call", "flow", "twin", "respects", "order"],
)
def test_names_that_lead_nowhere_are_told(text: str, told: str, tmp_path: Path) -> None:
    assert told in reviewed(text, tmp_path)


def test_two_files_may_not_have_one_id(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(HEAD + "steps:\n  - alice reads: /me\n")

    with pytest.raises(BadScenario, match=r"two\.yaml:1: the id calls/example is taken by one\.yaml:1"):
        read_suite(tmp_path)


@pytest.fixture(scope="module")
def suite() -> Suite:
    return read_suite()


def test_every_cited_requirement_is_in_the_catalogue(suite: Suite) -> None:
    assert unknown_requirements(suite, [requirement.id for requirement in read_catalogue()]) == ()


def test_every_requirement_is_proved_by_something_or_says_why_not(suite: Suite) -> None:
    unproved = [each.id for each in read_catalogue() if each.id not in suite.proves and not each.not_tested]

    assert unproved == []


def test_every_profile_of_a_requirement_has_a_scenario_that_proves_it(suite: Suite) -> None:
    for requirement in read_catalogue():
        proving = {scenario.profile for scenario in suite.scenarios if requirement.id in scenario.proves}
        if requirement.id not in suite.unasked.proves and not requirement.not_tested:
            assert set(requirement.profiles) <= proving, requirement.id


def test_scenarios_name_nobody_but_alice_bob_and_carol(suite: Suite) -> None:
    assert {agent for scenario in suite.scenarios for agent in scenario.agents} == set(AGENTS)


def test_a_different_state_of_the_calls_is_no_different_request() -> None:
    answering = Ask("bob", operation="Answer", on="talk")

    assert respects(answering, answering) == []
    assert respects(answering, Ask("carol", operation="Answer", on="bob's talk")) == ["caller"]


def test_an_id_that_the_catalogue_lacks_is_told_with_a_suggestion() -> None:
    scenario = parse(
        HEAD + "steps:\n  - alice asks: {operation: Dial, to: bob}\n    proves: OPS-DAIL-001\n",
        "example.yaml",
    )
    assert isinstance(scenario, Scenario)

    found = unknown_requirements(Suite((scenario,)), ["OPS-DIAL-001"])

    assert [str(each) for each in found] == [
        "example.yaml:1: proves OPS-DAIL-001, which the catalogue does not have; did you mean OPS-DIAL-001?"
    ]
