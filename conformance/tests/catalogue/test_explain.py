"""`list` and `explain` say what will be asked and why."""

import pytest

from callproof.catalogue import explain
from callproof.catalogue.explain import UnknownRequirement
from callproof.catalogue.requirement import PROFILES, Catalogue, read_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def test_a_requirement_is_explained_in_full(catalogue: Catalogue) -> None:
    said = explain.explain(
        catalogue["OPS-INITCONF-010"],
        scenarios=["initiate-conference/no-such-number"],
        sentence="Failure is told.",
    )
    assert said.splitlines() == [
        "OPS-INITCONF-010  A conference with a number that does not exist fails audibly",
        "",
        "InitiateConference to a number that does not exist is refused or its failure is",
        "told by a notification.",
        "",
        "level       MUST: a server that does not do this is not conformant",
        "basis       stated: a public page says so",
        "why         The outcome of a request, good or bad, comes as a notification;",
        "            silence leaves the agent waiting.",
        "source      AsynchronousEvents, HTCC 8.5.2, outcome",
        "contract    Failure is told.",
        "            (openapi/operations/InitiateConference.yaml#failure-is-told)",
        "profiles    initiate-conference",
        "applies if  the target file names a number `nonexistent`",
        "accepted    the answer has a statusCode greater than 0 (pass)",
        "accepted    statusCode 0, then a notification with messageType ErrorMessage",
        "            (pass)",
        "accepted    statusCode 0, then the consult call is told to be Released (pass)",
        "proved by   initiate-conference/no-such-number",
    ]


def test_every_explanation_and_the_list_fit_the_terminal(catalogue: Catalogue) -> None:
    said = [explain.explain(requirement) for requirement in catalogue] + [explain.listing(catalogue)]
    pointer = ".yaml#"  # is never broken: people paste it
    assert max(len(line) for text in said for line in text.splitlines() if pointer not in line) <= 80


def test_the_list_names_every_requirement_under_each_of_its_profiles(catalogue: Catalogue) -> None:
    lines = explain.listing(catalogue).splitlines()
    for requirement in catalogue:
        assert sum(line.startswith(f"  {requirement.id} ") for line in lines) == len(requirement.profiles)
    assert [line.partition(":")[0] for line in lines if line and line[0] != " "] == list(PROFILES)


def test_the_list_for_machines_is_limited_to_the_profiles_asked_for(catalogue: Catalogue) -> None:
    found = explain.as_json(catalogue, ["notify"])
    assert [item["id"] for item in found if isinstance(item, dict)] == [
        r.id for r in catalogue.of_profile("notify")
    ]


def test_an_id_is_found_in_any_case_and_a_wrong_one_gets_a_suggestion(catalogue: Catalogue) -> None:
    assert explain.find(catalogue, "ops-initconf-001").id == "OPS-INITCONF-001"
    with pytest.raises(UnknownRequirement) as near:
        explain.find(catalogue, "OPS-INTCONF-001")
    assert "OPS-INITCONF-001" in near.value.near
    with pytest.raises(UnknownRequirement) as far:
        explain.find(catalogue, "nothing")
    assert str(far.value) == "no requirement is called nothing; `callproof list` shows all of them"


def test_scenarios_of_a_requirement_are_sorted() -> None:
    proves = {"b": ["X-1"], "a": ["X-1", "X-2"], "c": ["X-2"]}
    assert explain.scenarios_of("X-1", proves) == ("a", "b")
