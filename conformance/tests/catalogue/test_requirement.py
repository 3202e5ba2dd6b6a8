"""The catalogue is read whole, keeps its ids and levels, and refuses what its rules forbid."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from callproof.catalogue.requirement import (
    PROFILES,
    BadCatalogue,
    Catalogue,
    CatalogueProblem,
    parse,
    read_catalogue,
)

CHECKOUT = Path(__file__).parents[3]
SNAPSHOT = Path(__file__).parent / "requirements.snapshot.txt"
ENTRY = {
    "id": "HTTP-ENV-001",
    "title": "Every answer carries a statusCode",
    "text": "Every answer carries a statusCode.",
    "level": "MUST",
    "basis": "stated",
    "rationale": "A client decides by it.",
    "source": {"doc": "ReturnValues, HTCC 8.5.2", "section": "all"},
    "contract": "openapi/openapi.yaml#answer-carries-status-code",
    "since": "0.1",
    "profiles": ["http"],
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


def problems_of(*entries: Mapping[str, object]) -> list[str]:
    with pytest.raises(BadCatalogue) as raised:
        parse({"some.yaml": yaml.safe_dump([dict(entry) for entry in entries])})
    return [str(problem) for problem in raised.value.problems]


def test_ids_levels_and_bases_only_change_on_purpose(catalogue: Catalogue) -> None:
    """A published id is never renumbered and never gets another level unnoticed: whoever changes one edits the snapshot too."""
    assert [f"{r.id} {r.level} {r.basis}" for r in catalogue] == SNAPSHOT.read_text().splitlines()


def test_no_requirement_is_stricter_than_its_basis(catalogue: Catalogue) -> None:
    assert [r.id for r in catalogue if r.level == "MUST" and r.basis == "inferred"] == []
    assert [r.id for r in catalogue if (r.level, r.basis) == ("MUST", "sample") and not r.must_because] == []


def test_every_profile_has_requirements_and_every_requirement_a_contract_sentence_of_its_own(
    catalogue: Catalogue,
) -> None:
    assert {p: len(catalogue.required_set(p)) for p in PROFILES} == {
        "http": 37,
        "notify": 42,
        "initiate-conference": 123,
    }
    pointers = [requirement.contract for requirement in catalogue]
    assert len(set(pointers)) == len(pointers)


def test_a_text_is_one_sentence(catalogue: Catalogue) -> None:
    assert [r.id for r in catalogue if ". " in r.text] == []


def test_readings_of_one_requirement_have_different_ids_and_statuses(catalogue: Catalogue) -> None:
    for requirement in catalogue:
        ids = [reading.id for reading in requirement.accepts]
        statuses = [status for reading in requirement.accepts for status in reading.http_status]
        assert (len(set(ids)), len(set(statuses))) == (len(ids), len(statuses)), requirement.id


def test_the_accepted_http_statuses_of_a_refusal_are_data(catalogue: Catalogue) -> None:
    refusal = catalogue["HTTP-STATUS-002"]
    readings = {status: refusal.accepted_status(status) for status in (200, 404, 500)}
    assert {status: reading and (reading.id, reading.verdict) for status, reading in readings.items()} == {
        200: ("http-200-refusal", "pass"),
        404: ("another-4xx", "pass"),
        500: None,
    }


def test_a_condition_known_beforehand_decides_whether_a_requirement_applies(catalogue: Catalogue) -> None:
    failing_number, offered = catalogue["OPS-INITCONF-010"], catalogue["OPS-RETRIEVE-001"]
    assert failing_number.condition == ("number", "nonexistent")
    assert (failing_number.applies_to([]), failing_number.applies_to(["number:nonexistent"])) == (False, True)
    assert (offered.condition, offered.applies_to([])) == (("offered", "Retrieve"), True)


def test_a_good_entry_is_read_as_it_is_written() -> None:
    (requirement,) = parse({"some.yaml": yaml.safe_dump([ENTRY])})
    assert (requirement.id, str(requirement.source), requirement.applies_if) == (
        "HTTP-ENV-001",
        "ReturnValues, HTCC 8.5.2, all",
        "always",
    )
    assert (requirement.accepts, requirement.not_tested, requirement.must_because) == ((), None, "")


def test_an_id_that_is_there_twice_is_refused() -> None:
    assert problems_of(ENTRY, ENTRY) == ["some.yaml: HTTP-ENV-001: is in the catalogue already"]


def test_an_unknown_member_is_refused_by_name() -> None:
    (problem,) = problems_of({**ENTRY, "colour": "red"})
    assert problem.startswith("some.yaml: HTTP-ENV-001: ")
    assert "'colour'" in problem


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"basis": "inferred"}, "level"),
        ({"basis": "sample"}, "must_because"),
        ({"must_because": "Because we would like it very much indeed."}, "basis"),
        ({"level": "SHALL"}, "level"),
        ({"contract": "openapi/openapi.yaml"}, "contract"),
        ({"applies_if": "weather:fine"}, "applies_if"),
        ({"id": "ROB-X-1"}, "id"),
    ],
)
def test_what_the_rules_forbid_is_refused_with_its_place(change: dict[str, object], place: str) -> None:
    assert any(place in problem for problem in problems_of({**ENTRY, **change}))


def test_a_file_that_is_no_yaml_and_a_folder_without_requirements_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue) as not_yaml:
        parse({"some.yaml": "- {"})
    assert [(problem.file, problem.requirement) for problem in not_yaml.value.problems] == [
        ("some.yaml", "file")
    ]
    with pytest.raises(BadCatalogue) as empty:
        read_catalogue(tmp_path)
    assert empty.value.problems == (CatalogueProblem("requirements", "catalogue", "has no requirements"),)


def test_the_set_hash_changes_with_a_level_and_not_with_words() -> None:
    def set_hash(**change: object) -> str:
        return parse({"some.yaml": yaml.safe_dump([{**ENTRY, **change}])}).set_hash("http")

    assert set_hash(level="SHOULD") != set_hash()
    assert set_hash(rationale="Other words for the same.") == set_hash()


def sentences_of(value: object) -> Iterator[tuple[str, str]]:
    """Every sentence with an id in a file of the contract, with its basis where it has one."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"], value.get("basis", "")
        for member in value.values():
            yield from sentences_of(member)
    elif isinstance(value, list):
        for item in value:
            yield from sentences_of(item)


def test_every_requirement_rests_on_a_sentence_of_the_contract_with_the_same_basis(
    catalogue: Catalogue,
) -> None:
    found: dict[str, dict[str, str]] = {}
    for requirement in catalogue:
        file, _, sentence = requirement.contract.partition("#")
        if file not in found:
            found[file] = dict(sentences_of(yaml.safe_load((CHECKOUT / file).read_text(encoding="utf-8"))))
        assert found[file].get(sentence) == requirement.basis, requirement.contract
