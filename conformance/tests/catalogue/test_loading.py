"""Scenario files and how they fit the requirements: what is read, and how a mistake is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import get_args

import pytest
import yaml

from callproof.catalogue.accepting import RULES
from callproof.catalogue.loading import ScenarioReader, Suite, suite
from callproof.catalogue.mistakes import BadCatalogue
from callproof.catalogue.review import respects
from callproof.catalogue.scenario import AGENTS, Ask, Claim, Hear, Predicate, Scenario
from callproof.contract.bundles import load_contract
from callproof.json_values import JsonObject
from callproof.judge.notification import FINAL_STATES
from callproof.judge.played import Refusal
from callproof.runner.suite import read_suite, texts_in
from callproof.strict_yaml import Place

PACKAGED = texts_in()
FORMS = {path: text for path, text in PACKAGED.items() if path.endswith(".json")}
READER = ScenarioReader(json.loads(FORMS["scenarios/scenario.schema.json"]))
HEAD = """id: calls/example
title: Alice calls Bob and says nothing
profile: initiate-conference
"""


def mistakes_in(text: str) -> list[str]:
    with pytest.raises(BadCatalogue) as caught:
        READER.read(HEAD + text, "example.yaml")
    return [str(mistake) for mistake in caught.value.mistakes]


# A small suite -------------------------------------------------------------------------------------------------------

READINGS = [
    {"id": "forbidden", "text": "statusCode 3", "verdict": "pass", "shows": {"body.statusCode": 3}},
    {
        "id": "by-notification",
        "text": "an ErrorMessage follows",
        "verdict": "pass",
        "by": "refused by notification",
    },
]
CLAUSES: Mapping[str, JsonObject] = {
    f"openapi/openapi.yaml#{name}": {
        "id": name,
        "text": "It does.",
        "basis": "stated",
        "source": "A page, all",
    }
    for name in ("is-accepted", "is-refused", "tells")
}
STEPS = """steps:
  - alice asks: {operation: Dial, to: bob}
    as: dialling
    proves: OPS-DIAL-001
  - alice hears: {new call: talk, state: Dialing}
    proves: OPS-DIAL-003
  - alice asks: {operation: Dial, to: alice}
    is: refused
    twin: dialling
    proves: OPS-DIAL-002
    answer: [{body.statusCode: 2, proves: OPS-DIAL-002, or: forbidden}]
"""


def entry(number: int, clause: str, **more: object) -> dict[str, object]:
    return {
        "id": f"OPS-DIAL-00{number}",
        "title": "Something about Dial",
        "level": "MUST",
        "clause": f"openapi/openapi.yaml#{clause}",
        "rationale": "Clients rely on it.",
        "since": "0.2",
        "profiles": ["initiate-conference"],
        **more,
    }


ENTRIES = [entry(1, "is-accepted"), entry(2, "is-refused", accepts=READINGS), entry(3, "tells")]
RELEASED = "# Version 0.1.0.\n"


def texts(steps: str = STEPS, entries: object = ENTRIES, **more: str) -> dict[str, str]:
    return {
        **FORMS,
        "profiles.yaml": "profiles: [http, initiate-conference]\nareas: []\n",
        "requirements/operations.yaml": yaml.safe_dump(entries, sort_keys=False),
        "scenarios/example.yaml": HEAD + steps,
        "released/0.1.0.txt": RELEASED,
        **more,
    }


def refused(of: Mapping[str, str]) -> list[str]:
    with pytest.raises(BadCatalogue) as caught:
        suite(of, CLAUSES)
    return [str(mistake) for mistake in caught.value.mistakes]


# What is read --------------------------------------------------------------------------------------------------------


def test_a_step_is_read_as_it_is_written() -> None:
    scenario = READER.read(
        HEAD
        + """steps:
  - alice asks: {operation: Dial, to: bob}
    proves: OPS-DIAL-001
  - alice hears: {new call: talk, state: Dialing}
    where:
      - {call.callType: Internal, proves: NTF-CALL-010, or: outbound}
""",
        "example.yaml",
    )
    claim = Claim(
        ("NTF-CALL-010",),
        (Predicate("call.callType", "is", "Internal"),),
        accepts=("outbound",),
        place=Place("example.yaml", 9),
    )

    assert isinstance(scenario, Scenario)
    assert scenario.steps == (
        Ask("alice", ("OPS-DIAL-001",), "", Place("example.yaml", 5), operation="Dial", to="bob"),
        Hear(
            "alice", (), "", Place("example.yaml", 7), call="talk", new=True, state="Dialing", claims=(claim,)
        ),
    )


def test_on_is_a_word_and_no_boolean() -> None:
    scenario = READER.read(HEAD + "steps:\n  - alice asks: {operation: Hold, on: talk}\n", "example.yaml")

    assert isinstance(scenario, Scenario)
    assert isinstance(scenario.steps[0], Ask)
    assert scenario.steps[0].on == "talk"


def test_a_claim_and_a_step_get_the_readings_of_what_they_prove_from_the_requirement() -> None:
    found = suite(texts(), CLAUSES)
    dialling, _, refusal = found.scenarios[0].steps
    forbidden, by_notification = found.catalogue["OPS-DIAL-002"].accepts

    assert isinstance(refusal, Ask)
    assert refusal.claims[0].readings == (forbidden,)
    assert refusal.by_rule == {("OPS-DIAL-002", "refused by notification"): by_notification}
    assert dialling.by_rule == {}


def test_scenarios_are_in_the_order_of_the_profiles_and_then_of_their_ids() -> None:
    def beside(name: str, profile: str) -> str:
        return (
            f"id: {name}\ntitle: Alice reads who she is\nprofile: {profile}\nsteps: [{{alice reads: /me}}]\n"
        )

    more = {
        "scenarios/b.yaml": beside("a/second", "http"),
        "scenarios/a.yaml": beside("b/third", "http"),
    }
    found = suite({**texts(), **more}, CLAUSES)

    assert [scenario.id for scenario in found.scenarios] == ["a/second", "b/third", "calls/example"]


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "steps:\n  - alice hear: {call: talk}\n",
            "example.yaml:5: steps[0]: Additional properties are not allowed ('alice hear' was unexpected); "
            "did you mean alice hears? [form]",
        ),
        (
            "steps:\n  - alice asks: {operation: Hold}\n    where: [{a: 1, proves: OPS-A-001}]\n",
            "example.yaml:6: `where` is not allowed with `alice asks`; allowed are answer, as, is, proves, twin, wrong [step]",
        ),
        (
            "steps:\n  - proves: OPS-A-001\n",
            "example.yaml:5: a step has one verb, this one has 0: none; write one step for each [step]",
        ),
        (
            "steps: [\n",
            "example.yaml:5: is not YAML: expected the node content, but found '<stream end>' [yaml]",
        ),
        (
            "steps:\n  - alice asks: {operation: Hold, operation: Hold}\n",
            "example.yaml:5: is not YAML: the key 'operation' occurs twice [yaml]",
        ),
        (
            "steps:\n  - alice reads: /me\n    answer: [{status: 200, proves: OPS-A-001, or: [{status: 201, verdict: pass}]}]\n",
            "example.yaml:6: steps[0].answer[0].or: ",
        ),
    ],
    ids=["verb", "key", "no verb", "yaml", "twice", "a reading that stands in the scenario"],
)
def test_a_mistake_in_a_file_is_told_with_its_line(text: str, told: str) -> None:
    assert any(mistake.startswith(told) for mistake in mistakes_in(text))


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (
            "steps:\n  - alice asks: {operation: Hold, on: talk}\n",
            "example.yaml:5: the call 'talk' is not known yet; "
            "name it in `given`, or as `new call` where it first occurs [call]",
        ),
        (
            "given: {talk: {establishd: [alice, bob]}}\nsteps:\n  - alice reads: /me\n",
            "example.yaml:4: there is no given flow 'establishd'; there are none [given]",
        ),
        (
            "steps:\n  - alice asks: {operation: Dial}\n    is: refused\n",
            "example.yaml:5: a refusal needs a twin: a step that differs in one respect and must succeed; "
            "name such a step in `twin` [twin]",
        ),
        (
            "steps:\n  - alice asks: {operation: Dial}\n    is: refused\n    twin: other\n"
            "  - bob asks: {operation: Dial, to: carol}\n    as: other\n",
            "example.yaml:5: differs from its twin in 2 respects: body.destination.phoneNumber, caller; let only one differ [twin]",
        ),
        (
            "steps:\n  - alice reads: /me\n    as: one\n  - order: {first: one, then: two}\n",
            "example.yaml:7: no step is named 'two'; name one with `as` [name]",
        ),
        (
            "steps:\n  - alice asks: {operation: Dial, to: bob}\n    proves: OPS-DAIL-001\n",
            "example.yaml:1: proves OPS-DAIL-001, which the catalogue does not have; did you mean OPS-DIAL-001? [unknown-requirement]",
        ),
    ],
    ids=["call", "flow", "twin", "respects", "order", "requirement"],
)
def test_names_that_lead_nowhere_are_told(steps: str, told: str) -> None:
    assert told in refused(texts(steps))


def test_two_files_may_not_have_one_id() -> None:
    assert refused(texts(**{"scenarios/two.yaml": HEAD + STEPS})) == [
        "two.yaml:1: the id calls/example is taken by example.yaml:1; give the scenario an id of its own [id-taken]"
    ]


def test_a_profile_that_there_is_not_is_told() -> None:
    of = texts()
    of["scenarios/example.yaml"] = of["scenarios/example.yaml"].replace(
        "profile: initiate", "profile: initate"
    )
    assert (
        "example.yaml:1: there is no profile initate-conference; did you mean initiate-conference? [unknown-profile]"
        in refused(of)
    )


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (
            texts(STEPS.replace("or: forbidden", "or: forbiden")),
            "example.yaml:14: `or: forbiden` names a reading that OPS-DIAL-002 does not list; did you mean forbidden? [unknown-reading]",
        ),
        (
            texts(STEPS.replace("or: forbidden", "or: [forbidden, by-notification]")),
            "example.yaml:14: `or: by-notification` names a reading that OPS-DIAL-002 leaves to a rule of the judge; "
            "OPS-DIAL-002 lists forbidden [unknown-reading]",
        ),
        (
            texts(STEPS.replace("2, proves: OPS-DIAL-002", "2, proves: OPS-DIAL-001")),
            "example.yaml:14: `or: forbidden` names a reading that OPS-DIAL-001 does not list; OPS-DIAL-001 lists none [unknown-reading]",
        ),
        (
            texts(STEPS.replace("2, proves: OPS-DIAL-002", "2, proves: [OPS-DIAL-001, OPS-DIAL-002]")),
            "example.yaml:14: `or` is in a claim that proves OPS-DIAL-001, OPS-DIAL-002; "
            "give each requirement a claim of its own [whose-reading]",
        ),
        (
            texts(STEPS.replace(", or: forbidden", "")),
            "requirements/operations.yaml:18: OPS-DIAL-002 accepts the reading forbidden, and nothing refers to it; "
            "name it in the `or` of a claim that proves the requirement, or remove it [idle-reading]",
        ),
        (
            texts(entries=[ENTRIES[0], entry(2, "is-refused", accepts=[READINGS[0]]), entry(3, "tells", accepts=[READINGS[1]])]),
            "requirements/operations.yaml:32: OPS-DIAL-003 accepts the reading by-notification, and nothing refers to it; "
            "name it in the `or` of a claim that proves the requirement, or remove it [idle-reading]",
        ),
        (
            texts(entries=[entry(2, "is-refused", accepts=[READINGS[0], {**READINGS[1], "by": "refused by letter"}])]),
            "requirements/operations.yaml:15: OPS-DIAL-002: the judge has no rule 'refused by letter'; "
            "did you mean refused by release? [unknown-rule]",
        ),
    ],
    ids=["mistyped", "a rule's", "another requirement's", "of two", "idle", "idle rule", "unknown rule"],
)  # fmt: skip
def test_every_reading_is_listed_once_and_referred_to(of: Mapping[str, str], told: str) -> None:
    assert told in refused(of)


@pytest.mark.parametrize(
    ("released", "told"),
    [
        (
            "OPS-DIAL-001 MUST\nOPS-DIAL-004 MUST\n",
            [
                "released/0.1.0.txt:2: OPS-DIAL-004 was released with 0.1.0 but is no longer in the catalogue; "
                "did you mean OPS-DIAL-003? [released]",
                "requirements/operations.yaml:1: OPS-DIAL-001 says since 0.2, but was released with 0.1.0; "
                "name the version in which it was first released [since]",
            ],
        ),
        (
            "OPS-DIAL-001 SHOULD\n",
            [
                "requirements/operations.yaml:1: OPS-DIAL-001 was released as a SHOULD but is a MUST now; "
                "keep the level; a new level needs a new id [released]",
                "requirements/operations.yaml:1: OPS-DIAL-001 says since 0.2, but was released with 0.1.0; "
                "name the version in which it was first released [since]",
            ],
        ),
    ],
    ids=["missing", "another level"],
)
def test_what_was_released_stays(released: str, told: list[str]) -> None:
    assert refused(texts(**{"released/0.1.0.txt": released})) == told


def test_a_later_version_keeps_what_an_earlier_one_promised_and_adds_its_own() -> None:
    first = [entry(1, "is-accepted", since="0.1"), *ENTRIES[1:]]
    of = texts(entries=first, **{"released/0.1.0.txt": "OPS-DIAL-001 MUST\n"})
    assert suite(of, CLAUSES).catalogue["OPS-DIAL-001"].since == "0.1"
    both = {**of, "released/0.2.0.txt": "OPS-DIAL-001 MUST\nOPS-DIAL-002 MUST\nOPS-DIAL-003 MUST\n"}
    assert suite(both, CLAUSES).catalogue["OPS-DIAL-002"].since == "0.2"


def test_a_requirement_cannot_claim_a_version_that_was_released_without_it() -> None:
    assert refused(texts(**{"released/0.2.0.txt": "OPS-DIAL-001 MUST\nOPS-DIAL-002 MUST\n"})) == [
        "requirements/operations.yaml:27: OPS-DIAL-003 says since 0.2, but that version was released without it; "
        "name the next version [since]"
    ]


# The suite as it is packaged -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packaged() -> Suite:
    return read_suite(load_contract())


def test_every_requirement_is_proved_by_something_or_says_why_not(packaged: Suite) -> None:
    proved = packaged.proves | packaged.unasked.generated.proves
    assert [each.id for each in packaged.catalogue if each.id not in proved and not each.not_tested] == []


def test_every_profile_of_a_requirement_has_a_scenario_that_proves_it(packaged: Suite) -> None:
    for requirement in packaged.catalogue:
        proving = {scenario.profile for scenario in packaged.scenarios if requirement.id in scenario.proves}
        if requirement.id not in packaged.unasked.proves and not requirement.not_tested:
            assert set(requirement.profiles) <= proving, requirement.id


def test_every_rule_by_which_the_judge_accepts_something_has_a_reading_and_the_judge_has_every_rule(
    packaged: Suite,
) -> None:
    named = {
        reading.rule for requirement in packaged.catalogue for reading in requirement.accepts if reading.rule
    }
    assert named == set(RULES)
    ways = set(get_args(Refusal)) - {"", "at once"}
    assert {rule for rule, step in RULES.items() if step is Ask} == {f"refused {way}" for way in ways}


def test_every_profile_has_requirements(packaged: Suite) -> None:
    assert all(packaged.catalogue.required_set(profile) for profile in packaged.catalogue.profiles)


def test_a_clause_that_is_judged_is_one_sentence(packaged: Suite) -> None:
    assert [each.id for each in packaged.catalogue if ". " in each.text or not each.text.endswith(".")] == []


def test_scenarios_name_nobody_but_alice_bob_and_carol(packaged: Suite) -> None:
    assert {agent for scenario in packaged.scenarios for agent in scenario.agents} == set(AGENTS)


def test_a_scenario_and_the_judge_know_exactly_the_states_of_the_contract() -> None:
    schemas: JsonObject = json.loads(json.dumps(load_contract().openapi))["components"]["schemas"]
    states = set(schemas["CallState"]["x-open-enum"])
    assert set(json.loads(FORMS["scenarios/scenario.schema.json"])["$defs"]["state"]["enum"]) == states
    assert states >= FINAL_STATES


def test_a_different_state_of_the_calls_is_no_different_request() -> None:
    answering = Ask("bob", operation="Answer", on="talk")

    assert respects(answering, answering) == []
    assert respects(answering, Ask("carol", operation="Answer", on="bob's talk")) == ["caller"]
