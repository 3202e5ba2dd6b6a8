"""`list` and `explain` say what will be asked and why."""

import pytest

from callproof.catalogue import explain
from callproof.catalogue.explain import UnknownRequirement
from callproof.catalogue.requirement import Catalogue, Source
from callproof.catalogue.scenario import Reading
from conformance.tests.performing import suite
from conformance.tests.requirements import requirement

FAILS_AUDIBLY = requirement(
    "OPS-X-010",
    "A conference with a number that does not exist fails audibly",
    "InitiateConference to a number that does not exist is refused or its failure is told by a notification.",
    source=Source("AsynchronousEvents, HTCC 8.5.2", "outcome"),
    rationale="The outcome of a request, good or bad, comes as a notification; silence leaves the agent waiting.",
    applies_if="number:nonexistent",
    profiles=("initiate-conference",),
    accepts=(
        Reading(
            "by-notification",
            "statusCode 0, then a notification with messageType ErrorMessage",
            "pass",
            rule="some rule",
        ),
        Reading(
            "consult-released",
            "statusCode 0, then the consult call is told to be Released",
            "warn",
            rule="some other",
        ),
    ),
)
SMALL = Catalogue(
    (FAILS_AUDIBLY, requirement("HTTP-X-001", profiles=("http", "notify"))),
    ("http", "notify", "initiate-conference"),
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return suite().catalogue


def test_a_requirement_is_explained_in_full_with_the_readings_that_it_accepts() -> None:
    said = explain.explain(FAILS_AUDIBLY, scenarios=["initiate-conference/no-such-number"])
    assert said.splitlines() == [
        "OPS-X-010  A conference with a number that does not exist fails audibly",
        "",
        "InitiateConference to a number that does not exist is refused or its failure is",
        "told by a notification.",
        "",
        "level       MUST: a server that does not do this is not conformant",
        "basis       stated: a public page says so",
        "why         The outcome of a request, good or bad, comes as a notification;",
        "            silence leaves the agent waiting.",
        "source      AsynchronousEvents, HTCC 8.5.2, outcome",
        "clause      openapi/openapi.yaml#ops-x-010",
        "profiles    initiate-conference",
        "applies if  the target file names a number `nonexistent`",
        "accepted    by-notification: statusCode 0, then a notification with messageType",
        "            ErrorMessage (pass)",
        "accepted    consult-released: statusCode 0, then the consult call is told to be",
        "            Released (warn)",
        "proved by   initiate-conference/no-such-number",
    ]


def test_every_explanation_and_the_list_fit_the_terminal(catalogue: Catalogue) -> None:
    said = [explain.explain(requirement) for requirement in catalogue] + [explain.listing(catalogue)]
    pointer = ".yaml#"  # is never broken: people paste it
    assert max(len(line) for text in said for line in text.splitlines() if pointer not in line) <= 80


def test_the_list_names_every_requirement_under_each_of_its_profiles() -> None:
    assert explain.listing(SMALL).splitlines() == [
        "http: 1 requirements, 1 of them MUST",
        "  HTTP-X-001         MUST    Title of HTTP-X-001",
        "",
        "notify: 1 requirements, 1 of them MUST",
        "  HTTP-X-001         MUST    Title of HTTP-X-001",
        "",
        "initiate-conference: 1 requirements, 1 of them MUST",
        "  OPS-X-010          MUST    A conference with a number that does not exist fai…",
    ]


def test_the_list_for_machines_has_the_readings_and_is_limited_to_the_profiles_asked_for() -> None:
    (found,) = explain.as_json(SMALL, ["initiate-conference"])
    assert isinstance(found, dict)
    assert (found["id"], found["clause"]) == ("OPS-X-010", "openapi/openapi.yaml#ops-x-010")
    assert found["accepts"] == [
        {"id": reading.id, "text": reading.text, "verdict": reading.verdict}
        for reading in FAILS_AUDIBLY.accepts
    ]
    assert len(explain.as_json(SMALL)) == 2


def test_an_id_is_found_in_any_case_and_a_wrong_one_gets_a_suggestion() -> None:
    assert explain.find(SMALL, "ops-x-010").id == "OPS-X-010"
    with pytest.raises(
        UnknownRequirement, match=r"no requirement is called OPS-Y-010; did you mean OPS-X-010\?"
    ):
        explain.find(SMALL, "OPS-Y-010")
    with pytest.raises(UnknownRequirement) as far:
        explain.find(SMALL, "nothing")
    assert str(far.value) == "no requirement is called nothing; `callproof list` shows all of them"


def test_scenarios_of_a_requirement_are_sorted() -> None:
    proves = {"b": ["X-1"], "a": ["X-1", "X-2"], "c": ["X-2"]}
    assert explain.scenarios_of("X-1", proves) == ("a", "b")
